import type { components } from './generated/schema.ts';

type Schemas = components['schemas'];

/** An account. */
export type User = Schemas['User'];
/** One login on one device, in the list of a user. */
export type UserSession = Schemas['Session'];
/** What happened to an account, a session or a key. */
export type AuditEntry = Schemas['AuditEntry'];
/** A post in a list. */
export type Post = Schemas['Post'];
/** A post as `getPost` returns it. */
export type PostWithAuthor = Schemas['PostWithAuthor'];
