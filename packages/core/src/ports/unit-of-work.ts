import type { WritableAudit } from './audit.ts';
import type { WritableAuthority } from './authority.ts';
import type { WritableClosedAccounts } from './closed-accounts.ts';
import type { WritableKeyStore } from './key-store.ts';
import type { WritableKnownNetworks } from './known-networks.ts';
import type { WritableOneTimeTokens } from './one-time-tokens.ts';
import type { WritableOutbox } from './outbox.ts';
import type { WritableSessions } from './sessions.ts';
import type { WritableUsers } from './users.ts';

/**
 * Everything of the core that can be written. It exists only inside `UnitOfWork.run`, so every write happens in a
 * transaction. A module's repositories are beside it.
 */
export interface Transaction {
  readonly authority: WritableAuthority;
  readonly users: WritableUsers;
  readonly closedAccounts: WritableClosedAccounts;
  readonly sessions: WritableSessions;
  readonly knownNetworks: WritableKnownNetworks;
  readonly oneTimeTokens: WritableOneTimeTokens;
  readonly outbox: WritableOutbox;
  readonly audit: WritableAudit;
  readonly keys: WritableKeyStore;
}

/** Combines several writes into one: all of them are stored, or none. `Repositories` is what can be written. */
export interface UnitOfWork<Repositories = Transaction> {
  /**
   * Runs `work` in a transaction and commits its writes before returning its result. If `work` throws, the transaction
   * is rolled back and the error is rethrown. The same happens if one of the transaction's own methods fails, even if
   * `work` catches that error. Isolation is READ COMMITTED plus the locks that the methods name.
   *
   * `work` may run more than once, when transactions conflict, so it must not hash or do other I/O. Inside it, a nested
   * `run` and every read outside the transaction throw an `Error`. The transaction itself throws one once it is over.
   *
   * @throws SallyportError `unavailable` when the store cannot be reached
   */
  run<Result>(work: (transaction: Repositories) => Promise<Result>): Promise<Result>;
}
