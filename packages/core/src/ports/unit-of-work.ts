import type { WritableAudit } from './audit.ts';
import type { WritableAuthority } from './authority.ts';
import type { WritableClosedAccounts } from './closed-accounts.ts';
import type { WritableKeyStore } from './key-store.ts';
import type { WritableOneTimeTokens } from './one-time-tokens.ts';
import type { WritableOutbox } from './outbox.ts';
import type { WritablePosts } from './posts.ts';
import type { WritableSessions } from './sessions.ts';
import type { WritableUsers } from './users.ts';

/** Everything that can be written. It exists inside `UnitOfWork.run` only, so nothing writes outside a transaction. */
export interface Transaction {
  readonly authority: WritableAuthority;
  readonly users: WritableUsers;
  readonly closedAccounts: WritableClosedAccounts;
  readonly sessions: WritableSessions;
  readonly posts: WritablePosts;
  readonly oneTimeTokens: WritableOneTimeTokens;
  readonly outbox: WritableOutbox;
  readonly audit: WritableAudit;
  readonly keys: WritableKeyStore;
}

/** Makes several writes one: all of them are kept, or none. */
export interface UnitOfWork {
  /**
   * Runs `work` in a transaction and commits what it wrote before returning its result; a throw rolls
   * back and is passed on. So does an error of one of the transaction's own methods, even where `work`
   * catches it. Isolation is READ COMMITTED plus the locks that the methods name.
   *
   * `work` may run more than once, when transactions got in each other's way: it holds no hashing and
   * no other I/O. Inside it, a nested `run` and every read outside the transaction throw an `Error`; so
   * does the transaction itself once it is over.
   *
   * @throws SallyportError `unavailable` when the store cannot be reached
   */
  run<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}
