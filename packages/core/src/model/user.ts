import * as v from 'valibot';
import type { Email } from './email.ts';
import { line } from './input.ts';
import type { ProfileDocument } from './profile.ts';

export type UserId = number;

export const baseRoles = ['user', 'admin'] as const;
export type Role = (typeof baseRoles)[number];

/** An account. Its credentials are no part of it. */
export interface User {
  readonly id: UserId;
  readonly name: string;
  readonly email: Email;
  /** What the host's own system calls the account, if it has one there; unique. */
  readonly externalId?: string | undefined;
  /** As it is stored. What a reader sees of it, the host's `Profile` decides. */
  readonly profile: ProfileDocument;
  readonly role: Role;
  readonly isActive: boolean;
  /** Whether the owner has proven to read mail at this address. */
  readonly emailVerified: boolean;
  readonly createdAt: Date;
}

export const Name = v.pipe(line(2, 50), v.examples(['Ada Lovelace']));
export const ExternalId = v.pipe(line(1, 255), v.examples(['legacy-1815']));
