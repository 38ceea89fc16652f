import { AsyncLocalStorage } from 'node:async_hooks';
import { mergeDistinct, type StorePorts, type Transaction, type UnitOfWork } from '@sallyport/core';
import { Database, DatabaseDraft } from './database.ts';
import { MemoryWritableAuthority } from './memory-authority.ts';
import { MemoryAudit, MemoryWritableAudit } from './memory-audit.ts';
import { MemoryClosedAccounts } from './memory-closed-accounts.ts';
import { MemoryKeyStore, MemoryWritableKeyStore } from './memory-key-store.ts';
import { MemoryKnownNetworks, MemoryWritableKnownNetworks } from './memory-known-networks.ts';
import { MemoryOneTimeTokens, MemoryWritableOneTimeTokens } from './memory-one-time-tokens.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import { MemorySessions, MemoryWritableSessions } from './memory-sessions.ts';
import { MemoryUsers, MemoryWritableUsers } from './memory-users.ts';
import type { MemoryPart, PortsOf, RepositoriesOf } from './part.ts';

/** A store with the ports and repositories of these parts. */
export type MemoryStore<Parts extends readonly MemoryPart<object, object>[]> = Omit<StorePorts, 'unitOfWork'> &
  PortsOf<Parts> & { readonly unitOfWork: UnitOfWork<Transaction & RepositoriesOf<Parts>> };

/**
 * A store in this process, empty at first and lost when the process ends, with the parts of modules. Transactions run
 * one at a time.
 */
export function memoryStore<const Parts extends readonly MemoryPart<object, object>[] = []>(
  parts?: Parts,
): MemoryStore<Parts> {
  const database = new Database();
  const unitOfWork = new MemoryUnitOfWork(database);
  const committed = () => {
    unitOfWork.refuseInside();
    return database;
  };
  const opened = (parts ?? []).map((part) =>
    part({
      committed: (table) => (committed(), table),
      users: () => committed().users,
    }),
  );
  unitOfWork.add(opened);
  const store: StorePorts = {
    users: new MemoryUsers(committed),
    sessions: new MemorySessions(committed),
    knownNetworks: new MemoryKnownNetworks(committed),
    oneTimeTokens: new MemoryOneTimeTokens(committed),
    audit: new MemoryAudit(committed),
    keys: new MemoryKeyStore(committed),
    unitOfWork,
  };
  return mergeDistinct('ports', store, ...opened.map(({ ports }) => ports)) as MemoryStore<Parts>;
}

type OpenedPart = ReturnType<MemoryPart<object, object>>;

class MemoryUnitOfWork implements UnitOfWork {
  readonly #database: Database;
  readonly #parts: OpenedPart[] = [];
  /** Settles when the latest transaction is over. */
  #last: Promise<unknown> = Promise.resolve();
  readonly #current = new AsyncLocalStorage<{ running: boolean }>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Gives the repositories of these parts to every transaction. */
  add(parts: readonly OpenedPart[]): void {
    this.#parts.push(...parts);
  }

  async run<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    this.refuseInside();
    const transaction = this.#last.then(() => this.#transact(work));
    this.#last = transaction.catch(() => {});
    return transaction;
  }

  async #transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    const draft = new DatabaseDraft(this.#database);
    const current = { running: true };
    try {
      const result = await this.#current.run(current, () => work(this.#repositories(draft)));
      draft.commit();
      return result;
    } finally {
      draft.end();
      current.running = false;
      // No other transaction runs. On Node 20, every enabled storage slows all promises down.
      this.#current.disable();
    }
  }

  #repositories(draft: DatabaseDraft): Transaction {
    const core: Transaction = {
      authority: new MemoryWritableAuthority(draft),
      users: new MemoryWritableUsers(draft),
      closedAccounts: new MemoryClosedAccounts(draft),
      sessions: new MemoryWritableSessions(draft),
      knownNetworks: new MemoryWritableKnownNetworks(draft),
      oneTimeTokens: new MemoryWritableOneTimeTokens(draft),
      outbox: new MemoryOutbox(draft),
      audit: new MemoryWritableAudit(draft),
      keys: new MemoryWritableKeyStore(draft),
    };
    return Object.assign(core, ...this.#parts.map((part) => part.repositories(draft))) as Transaction;
  }

  /** A transaction's own `work` would not see its own writes in the committed state, so it is refused. */
  refuseInside(): void {
    if (this.#current.getStore()?.running) throw new Error('Inside a transaction, use what the transaction hands out');
  }
}
