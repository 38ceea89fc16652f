import { AsyncLocalStorage } from 'node:async_hooks';
import { mergeDistinct, SallyportError, type Transaction, type UnitOfWork } from '@sallyport/core';
import type { Sql as Fragment } from 'sql-template-tag';
import type { AnyPart } from './part.ts';
import { PostgresWritableAuthority } from './postgres-authority.ts';
import { PostgresWritableAudit } from './postgres-audit.ts';
import { PostgresClosedAccounts } from './postgres-closed-accounts.ts';
import { PostgresWritableKeyStore } from './postgres-key-store.ts';
import { PostgresWritableKnownNetworks } from './postgres-known-networks.ts';
import { PostgresWritableOneTimeTokens } from './postgres-one-time-tokens.ts';
import { PostgresOutbox } from './postgres-outbox.ts';
import { PostgresWritableSessions } from './postgres-sessions.ts';
import { PostgresWritableUsers } from './postgres-users.ts';
import { SqlError } from './sql-error.ts';
import type { OutsideQueries, Sql, Statement, TransactionQueries } from './sql.ts';

type Refusals = NonNullable<AnyPart['refusals']>;

/** The refusals of the core's violated constraints. */
const coreRefusals: Refusals = {
  users_email_key: (cause) => new SallyportError('email_taken', { cause }),
  users_external_id_key: (cause) => new SallyportError('external_id_taken', { cause }),
};

/** How often work is run if it keeps conflicting with other transactions. */
const maxAttempts = 10;

export class PostgresUnitOfWork implements UnitOfWork {
  readonly #sql: Sql;
  readonly #parts: readonly AnyPart[];
  readonly #refusals: Refusals;
  readonly #current = new AsyncLocalStorage<{ running: boolean }>();
  /** The number of running transactions. */
  #running = 0;

  constructor(sql: Sql, parts: readonly AnyPart[]) {
    this.#sql = sql;
    this.#parts = parts;
    this.#refusals = mergeDistinct(
      'constraints',
      coreRefusals,
      ...parts.map(({ refusals = {} }) => refusals),
    ) as Refusals;
  }

  async run<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    this.#refuseInside();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#transact(work);
      } catch (error) {
        if (!(error instanceof SqlError && error.isRetryable)) throw error;
        if (attempt === maxAttempts) throw new SallyportError('unavailable', { cause: error });
      }
    }
  }

  /** The same statements, except for a transaction's own `work`, which would wait for itself on a single connection. */
  outside(): OutsideQueries {
    return {
      schema: this.#sql.schema,
      table: (name) => this.#sql.table(name),
      refuseInside: () => this.#refuseInside(),
      query: async <Row>(statement: Statement) => {
        this.#refuseInside();
        return this.#sql.query<Row>(statement);
      },
    };
  }

  async #transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    this.#running += 1;
    try {
      return await this.#sql.transaction(async (queries) => {
        const current = { running: true };
        const guarded = new GuardedQueries(queries, current, this.#refusals);
        try {
          const result = await this.#current.run(current, () => work(this.#repositories(guarded)));
          guarded.throwRefusal();
          return result;
        } finally {
          // Before the commit: what the work did not await would otherwise run after it, outside of the transaction.
          current.running = false;
        }
      });
    } catch (error) {
      // A write that was sent is refused as late as at the commit.
      throw inDomainWords(error as Error, this.#refusals);
    } finally {
      this.#running -= 1;
      // On Node 20, every enabled storage slows all promises down.
      if (this.#running === 0) this.#current.disable();
    }
  }

  #repositories(queries: TransactionQueries): Transaction {
    const core: Transaction = {
      authority: new PostgresWritableAuthority(queries),
      users: new PostgresWritableUsers(queries),
      closedAccounts: new PostgresClosedAccounts(queries),
      sessions: new PostgresWritableSessions(queries),
      knownNetworks: new PostgresWritableKnownNetworks(queries),
      oneTimeTokens: new PostgresWritableOneTimeTokens(queries),
      outbox: new PostgresOutbox(queries),
      audit: new PostgresWritableAudit(queries),
      keys: new PostgresWritableKeyStore(queries),
    };
    return Object.assign(core, ...this.#parts.map((part) => part.repositories(queries))) as Transaction;
  }

  #refuseInside(): void {
    if (this.#current.getStore()?.running) throw new Error('Inside a transaction, use what the transaction hands out');
  }
}

/** The statements of a running transaction. Refusals become errors of the domain. */
class GuardedQueries implements TransactionQueries {
  readonly #queries: TransactionQueries;
  readonly #current: { readonly running: boolean };
  readonly #refusals: Refusals;
  #refusal: Error | undefined;

  constructor(queries: TransactionQueries, current: { readonly running: boolean }, refusals: Refusals) {
    this.#queries = queries;
    this.#current = current;
    this.#refusals = refusals;
  }

  get schema(): string {
    return this.#queries.schema;
  }

  table(name: string): Fragment {
    return this.#queries.table(name);
  }

  query<Row>(statement: Statement): Promise<readonly Row[]> {
    return this.#guard(() => this.#queries.query<Row>(statement));
  }

  send(statement: Statement): Promise<void> {
    return this.#guard(() => this.#queries.send(statement));
  }

  async #guard<Result>(run: () => Promise<Result>): Promise<Result> {
    if (!this.#current.running) throw new Error('The transaction is over');
    try {
      return await run();
    } catch (error) {
      this.#refusal ??= inDomainWords(error as Error, this.#refusals);
      throw this.#refusal;
    }
  }

  /** After a refused statement, PostgreSQL answers a commit with a silent rollback, so the refusal is thrown here. */
  throwRefusal(): void {
    if (this.#refusal) throw this.#refusal;
  }
}

function inDomainWords(error: Error, refusals: Refusals): Error {
  if (!(error instanceof SqlError) || error.constraint === undefined) return error;
  return refusals[error.constraint]?.(error) ?? error;
}
