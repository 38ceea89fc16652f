import type { Sql as Fragment } from 'sql-template-tag';

/** A statement with the values of its parameters, as `sql-template-tag` makes it. No value becomes part of the text. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Runs statements. `bigint` and `count(*)` are returned as numbers and `timestamptz` as dates. `undefined` is sent as
 * null.
 */
export interface Queries {
  /** @throws SqlError | SallyportError `unavailable` */
  query<Row>(statement: Statement): Promise<readonly Row[]>;

  /** The qualified name of a table. The session's `search_path` has no influence. */
  table(name: string): Fragment;

  /** The schema of the tables. */
  readonly schema: string;
}

/** Runs the statements of a transaction. */
export interface TransactionQueries extends Queries {
  /**
   * Runs a write that returns nothing. It may still be on its way when this resolves, so that the next statement need not
   * wait for its answer: by the commit it is done, or the transaction fails with its error.
   *
   * @throws SqlError | SallyportError `unavailable`, here or at the commit
   */
  send(statement: Statement): Promise<void>;
}

/** Runs statements outside of any transaction. */
export interface OutsideQueries extends Queries {
  /** @throws Error when it is called inside the work of a transaction, whose own statements must be used there */
  refuseInside(): void;
}

/** One connection, without the time limits of requests. */
export interface MigrationConnection {
  /** @throws SqlError | SallyportError `unavailable` */
  query<Row>(statement: Statement): Promise<readonly Row[]>;

  /**
   * Runs statements without values, and returns the rows of the last one.
   *
   * @throws SqlError | SallyportError `unavailable`
   */
  run<Row>(script: string): Promise<readonly Row[]>;

  /** Whether other connections use the database at the same time. */
  readonly isShared: boolean;

  /** Whether settings and locks of a session last longer than a transaction, unlike behind a pooler. */
  readonly hasOwnSession: boolean;
}

/** The connections of a pool, for an operator. */
export interface PoolState {
  /** Connections that are open or being opened. */
  readonly open: number;
  /** Those of them that are free. */
  readonly idle: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
}

/** A PostgreSQL database, with any driver. */
export interface Sql extends Queries {
  /**
   * Runs `work` between begin and commit on one connection. If it throws, the transaction is rolled back and the error
   * rethrown. It may run again.
   */
  transaction<Result>(work: (queries: TransactionQueries) => Promise<Result>): Promise<Result>;

  /** Provides one connection, without the time limits of requests, while `work` runs. */
  migrating<Result>(work: (connection: MigrationConnection) => Promise<Result>): Promise<Result>;

  /** The state of its own pool; absent without one. A pool of the host is the host's to watch. */
  readonly poolState?: (() => PoolState) | undefined;

  /** Closes every own connection after its work is done. A pool of the host stays open. */
  close(): Promise<void>;
}
