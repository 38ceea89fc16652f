import { readFile } from 'node:fs/promises';
import type { MailKind, TokenPurpose } from '@sallyport/core';

/** The databases of the first version that are kept as dumps; the README beside them says how they came about. */
export const firstVersionDumps = ['full', 'at-0002', 'without-posts', 'posts-dropped'] as const;
export type FirstVersionDump = (typeof firstVersionDumps)[number];

/** What a dump of the first version contains, with the secrets that its rows do not tell. Times are ISO 8601. */
export interface FirstVersionFacts {
  /** The code that filled the database. */
  readonly commit: string;
  readonly secretKey: string;
  /** The issuer of the access tokens. */
  readonly publicUrl: string;
  /** The moment of the dump, for a clock that stands still: access tokens are valid at that moment alone. */
  readonly end: string;
  readonly migrations: readonly string[];
  /** Rows by table; a table that is missing has no entry. */
  readonly counts: Readonly<Record<string, number>>;
  /** The last id that was given out, 0 for none. */
  readonly lastIds: Readonly<Record<string, number>>;
  /** Audit entries by type. */
  readonly auditTypes: Readonly<Record<string, number>>;
  readonly signingKeys: readonly { readonly kid: string; readonly state: 'retiring' | 'active' | 'next' }[];
  /** The queue of mails, the oldest first. */
  readonly mails: readonly FirstVersionMail[];
  readonly members: Readonly<Record<string, FirstVersionMember>>;
  /** Members whose account was deleted: their ids must not be given out again, their addresses are free. */
  readonly formerMembers: Readonly<Record<string, { readonly id: number; readonly email: string }>>;
  readonly posts: readonly FirstVersionPost[];
}

interface FirstVersionMember {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly age: number;
  readonly city: string;
  readonly role: 'user' | 'admin';
  readonly isActive: boolean;
  readonly emailVerified: boolean;
  readonly createdAt: string;
  /** As it is typed: the hash is of its NFC. */
  readonly password: string;
  /** The oldest first. */
  readonly sessions: readonly FirstVersionSession[];
  readonly links: { readonly [Purpose in TokenPurpose]?: FirstVersionLink };
}

interface FirstVersionSession {
  readonly id: string;
  /** `unused` for longer than a refresh token is valid, `expired` by its greatest age, or ended by a call. */
  readonly state: 'live' | 'ended' | 'expired' | 'unused';
  readonly generation: number;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly createdAt: string;
  readonly refreshToken: string;
  /** Refresh tokens that were replaced, the oldest first: each of them is theft, if the session is live. */
  readonly earlierRefreshTokens: readonly string[];
  /** Present if it is valid at the moment of the dump. */
  readonly accessToken?: string;
}

interface FirstVersionLink {
  readonly token: string;
  /** The address that it was mailed to. */
  readonly email: string;
  readonly state: 'live' | 'expired';
}

interface FirstVersionMail {
  readonly id: number;
  readonly kind: MailKind;
  readonly email: string;
  readonly userId: number | null;
  readonly attempts: number;
}

interface FirstVersionPost {
  readonly id: number;
  readonly title: string;
  readonly content: string;
  readonly published: boolean;
  readonly authorId: number;
  /** The author's key among the members. */
  readonly author: string;
  readonly createdAt: string;
}

/** A dump as statements that any client runs at once, in the schema `public`, and what it contains. */
export async function readFirstVersion(name: FirstVersionDump): Promise<{ sql: string; facts: FirstVersionFacts }> {
  const read = (type: string) => readFile(new URL(`fixtures/first-version/${name}.${type}`, import.meta.url), 'utf8');
  return { sql: await read('sql'), facts: JSON.parse(await read('json')) as FirstVersionFacts };
}
