import sql, { join } from 'sql-template-tag';
import type { PoolState } from './sql.ts';

/** A statement, in the form that `pg` takes. */
export interface PgQuery {
  readonly text: string;
  readonly values?: unknown[];
  readonly name?: string;
  readonly types?: { getTypeParser(type: number): (text: string) => unknown };
  readonly query_timeout?: number;
}

interface PgResult {
  readonly rows: unknown[];
  /** The first word of the command's tag (PostgreSQL manual, "Message Formats", CommandComplete). */
  readonly command: string;
}

/** A connection: a `pg.Client` or a client of a pool, of any copy of `pg`. */
export interface PgClient {
  /** A text of several statements has several results. */
  query(query: PgQuery): Promise<PgResult | PgResult[]>;
  /** The process of PostgreSQL that the connection was told of. If absent, a pooler is assumed. */
  readonly processID?: unknown;
  /** `I` outside of a transaction (PostgreSQL manual, "Message Formats", ReadyForQuery). Older versions lack it. */
  getTransactionStatus?(): string | null;
  /** The connection below, of `pg`. If absent, each statement is sent by itself. */
  readonly connection?: { readonly stream?: Corkable };
}

/** A stream that can keep what is written until it is told to send it (`stream.Writable`). */
export interface Corkable {
  cork(): void;
  uncork(): void;
}

/** A connection of a pool. */
export interface PgPoolClient extends PgClient {
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  /** Returns the connection to the pool, or closes it. */
  release(isBroken?: boolean): void;
}

/** A pool of connections: a `pg.Pool` of any copy of `pg`. */
export interface PgPool {
  connect(): Promise<PgPoolClient>;
}

/** A pool that this package creates and closes. */
export interface OwnPool extends PgPool {
  /** Opens a connection beside the pool. */
  open(): Promise<PgClient & { end(): Promise<void> }>;
  /** Whether a connection that is read-only is of no use, because another host accepts writes. */
  readonly asksWhetherReadOnly: boolean;
  /** Has the next connection look for the host that accepts writes, because this one turned out to be read-only. */
  doubt(): void;
  end(): Promise<void>;
  state(): PoolState;
}

/** Milliseconds. A database that does not answer delays a request by less than three seconds. */
export const connectionTimeout = 2_000;
/** Ends a wait that the server's own limits cannot end: for an answer that never comes. */
export const answerTimeout = 2_500;

/** The limits of statements and transactions, which PostgreSQL enforces. */
const limits = [
  sql`statement_timeout = 2000`,
  sql`lock_timeout = 1500`,
  sql`idle_in_transaction_session_timeout = 10000`,
];

/** Sets the limits for a session. As parameters of its startup, they would be rejected by a pooler. */
export const limitSession = join(
  limits.map((limit) => sql`set ${limit}`),
  ';',
).text;

/** Permissions are checked inside transactions, by statements that must see what others have committed since. */
const beginning = sql`begin isolation level read committed`;
export const begin = beginning.text;

/** Begins a transaction with the limits, which end with it. */
export const beginWithLimits = join([beginning, ...limits.map((limit) => sql`set local ${limit}`)], ';').text;
