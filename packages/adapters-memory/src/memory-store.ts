import { AsyncLocalStorage } from 'node:async_hooks';
import type { StorePorts, Transaction, UnitOfWork } from '@sallyport/core';
import { Database, DatabaseDraft } from './database.ts';
import { MemoryWritableAuthority } from './memory-authority.ts';
import { MemoryAudit, MemoryWritableAudit } from './memory-audit.ts';
import { MemoryClosedAccounts } from './memory-closed-accounts.ts';
import { MemoryKeyStore, MemoryWritableKeyStore } from './memory-key-store.ts';
import { MemoryOneTimeTokens, MemoryWritableOneTimeTokens } from './memory-one-time-tokens.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import { MemoryPosts, MemoryWritablePosts } from './memory-posts.ts';
import { MemorySessions, MemoryWritableSessions } from './memory-sessions.ts';
import { MemoryUsers, MemoryWritableUsers } from './memory-users.ts';

/** A store in this process, empty at first and lost when the process ends. Transactions run one at a time. */
export function memoryStore(): StorePorts {
  const unitOfWork = new MemoryUnitOfWork();
  const committed = () => unitOfWork.committed();
  return {
    users: new MemoryUsers(committed),
    sessions: new MemorySessions(committed),
    posts: new MemoryPosts(committed),
    oneTimeTokens: new MemoryOneTimeTokens(committed),
    audit: new MemoryAudit(committed),
    keys: new MemoryKeyStore(committed),
    unitOfWork,
  };
}

class MemoryUnitOfWork implements UnitOfWork {
  readonly #database = new Database();
  /** Settles when the latest transaction is over. */
  #last: Promise<unknown> = Promise.resolve();
  readonly #current = new AsyncLocalStorage<{ running: boolean }>();

  async run<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    this.#refuseInside();
    const transaction = this.#last.then(() => this.#transact(work));
    this.#last = transaction.catch(() => {});
    return transaction;
  }

  async #transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    const draft = new DatabaseDraft(this.#database);
    const current = { running: true };
    try {
      const result = await this.#current.run(current, () =>
        work({
          authority: new MemoryWritableAuthority(draft),
          users: new MemoryWritableUsers(draft),
          closedAccounts: new MemoryClosedAccounts(draft),
          sessions: new MemoryWritableSessions(draft),
          posts: new MemoryWritablePosts(draft),
          oneTimeTokens: new MemoryWritableOneTimeTokens(draft),
          outbox: new MemoryOutbox(draft),
          audit: new MemoryWritableAudit(draft),
          keys: new MemoryWritableKeyStore(draft),
        }),
      );
      draft.commit();
      return result;
    } finally {
      draft.end();
      current.running = false;
      // No other transaction runs. On Node 20, every enabled storage slows all promises down.
      this.#current.disable();
    }
  }

  /** The committed state. A transaction's own `work` would not see its own writes here, so it is refused. */
  committed(): Database {
    this.#refuseInside();
    return this.#database;
  }

  #refuseInside(): void {
    if (this.#current.getStore()?.running) throw new Error('Inside a transaction, use what the transaction hands out');
  }
}
