import type { Sql as Fragment } from 'sql-template-tag';

/** A statement and the values of its parameters, as `sql-template-tag` makes them: no value ever becomes text. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Runs statements. `bigint` and `count(*)` come as numbers, `timestamptz` as dates, and `undefined` goes as null. */
export interface Queries {
  /** @throws SqlError | SallyportError `unavailable` */
  query<Row>(statement: Statement): Promise<readonly Row[]>;

  /** A table of ours, named with its schema: what a session's `search_path` says has no influence. */
  table(name: string): Fragment;

  /** The schema that holds every table of ours. */
  readonly schema: string;
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
}

/** A PostgreSQL database, whichever driver speaks to it. */
export interface Sql extends Queries {
  /** Runs `work` between begin and commit on one connection; a throw rolls back and is passed on. It may run again. */
  transaction<Result>(work: (queries: Queries) => Promise<Result>): Promise<Result>;

  /** Hands out one connection, without the time limits of requests, for as long as `work` runs. */
  migrating<Result>(work: (connection: MigrationConnection) => Promise<Result>): Promise<Result>;

  /** Closes every connection of ours, once what runs on them is done. A pool of the host stays open. */
  close(): Promise<void>;
}
