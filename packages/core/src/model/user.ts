import * as v from 'valibot';
import type { Email } from './email.ts';
import { line } from './input.ts';
import { visibleLine } from './visible-text.ts';
import type { ProfileDocument } from './profile.ts';

/** The id of an account: a positive integer that is never used again. */
export type UserId = number;

/** The roles of every application. A host may declare more. */
export const baseRoles = ['user', 'admin'] as const;

/** The name of a role. */
export type Role = (typeof baseRoles)[number] | (string & {});

/** An account, without its credentials. */
export interface User {
  readonly id: UserId;
  readonly name: string;
  readonly email: Email;
  /** The id of the account in the host's own system, if it has one; unique. */
  readonly externalId?: string | undefined;
  /** The stored profile. The host's `Profile` decides which fields a reader sees. */
  readonly profile: ProfileDocument;
  readonly role: Role;
  readonly isActive: boolean;
  /** Whether the owner has proven that they read mail at this address. */
  readonly emailVerified: boolean;
  readonly createdAt: Date;
}

export const Name = v.pipe(visibleLine(2, 50), v.examples(['Ada Lovelace']));
/** A name that was stored before names had to be visible, too: an export can be imported again. */
export const StoredName = line(2, 50);
/** The id of an account in another system: 1–255 characters, unique. */
export const ExternalId = v.pipe(line(1, 255), v.examples(['legacy-1815']));
