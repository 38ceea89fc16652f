import type {
  AuditEntry,
  ClaimedMail,
  Credentials,
  OneTimeToken,
  Session,
  StoredKey,
  StorePage,
  User,
} from '@sallyport/core';
import { type Draft, type Rows, Sequence, Table } from './table.ts';

/** A user as stored, with their credentials. */
export type UserRow = User & Pick<Credentials, 'passwordHash' | 'securityVersion'>;

/** The key that every active admin has. */
export const activeAdmin = Symbol('active admin');

/** A signing key as stored, with its `kid` as id. */
export type KeyRow = StoredKey & { readonly id: string };

/** A one-time token as stored, with its digest as id, and the mail that carries it. */
export type TokenRow = OneTimeToken & { readonly id: string; readonly mail: string };

/** A closed account that may have rows left. */
export interface ClosedAccountRow {
  readonly id: number;
  readonly closedAt: Date;
}

/** A network that an account knows. Its id names both. */
export interface KnownNetworkRow {
  readonly id: string;
  readonly userId: number;
  readonly until: Date;
}

/** The key of an account's external id, which differs from the keys of addresses. */
export const externalKey = (externalId: string) => `external id ${externalId}`;

/** A mail as stored. */
export type MailRow = ClaimedMail & { readonly dueAt: Date };

/** The records of one store. */
export class Database {
  readonly users = new Table<number, UserRow>((user) => [
    user.email,
    ...(user.externalId === undefined ? [] : [externalKey(user.externalId)]),
    ...(user.role === 'admin' && user.isActive ? [activeAdmin] : []),
  ]);
  readonly closedAccounts = new Table<number, ClosedAccountRow>(() => []);
  readonly sessions = new Table<string, Session>((session) => [session.userId]);
  readonly knownNetworks = new Table<string, KnownNetworkRow>((network) => [network.userId]);
  readonly oneTimeTokens = new Table<string, TokenRow>((token) => [token.userId]);
  readonly outbox = new Table<number, MailRow>(() => []);
  readonly audit = new Table<number, AuditEntry>(() => []);
  readonly keys = new Table<string, KeyRow>((key) => [key.predecessor]);
  readonly ids = { user: new Sequence(), mail: new Sequence(), event: new Sequence() };
}

/** The changes of one transaction to a database. */
export class DatabaseDraft {
  readonly #database: Database;
  readonly #drafts = new Map<unknown, { commit(): void }>();
  #refusal: Error | undefined;
  #over = false;

  constructor(database: Database) {
    this.#database = database;
  }

  get ids(): Database['ids'] {
    return this.#database.ids;
  }

  get users(): Rows<number, UserRow> {
    return this.rows(this.#database.users);
  }

  get closedAccounts(): Rows<number, ClosedAccountRow> {
    return this.rows(this.#database.closedAccounts);
  }

  get sessions(): Rows<string, Session> {
    return this.rows(this.#database.sessions);
  }

  get knownNetworks(): Rows<string, KnownNetworkRow> {
    return this.rows(this.#database.knownNetworks);
  }

  get oneTimeTokens(): Rows<string, TokenRow> {
    return this.rows(this.#database.oneTimeTokens);
  }

  get outbox(): Rows<number, MailRow> {
    return this.rows(this.#database.outbox);
  }

  get audit(): Rows<number, AuditEntry> {
    return this.rows(this.#database.audit);
  }

  get keys(): Rows<string, KeyRow> {
    return this.rows(this.#database.keys);
  }

  /**
   * The rows of a table, of the core or of a part, as the transaction sees and changes them.
   *
   * @throws Error once the transaction is over
   */
  rows<Id extends string | number, Row extends { readonly id: Id }>(table: Table<Id, Row>): Rows<Id, Row> {
    if (this.#over) throw new Error('The transaction is over');
    const draft = (this.#drafts.get(table) as Draft<Id, Row> | undefined) ?? table.draft();
    this.#drafts.set(table, draft);
    return draft;
  }

  /** Refuses a write, and with it the whole transaction, as a database does. */
  refuse(refusal: Error): never {
    this.#refusal = refusal;
    throw refusal;
  }

  /** @throws Error the refusal of a write, even if `work` ignored it */
  commit(): void {
    if (this.#refusal) throw this.#refusal;
    for (const draft of this.#drafts.values()) draft.commit();
  }

  /** Makes every later use of this draft throw an error. */
  end(): void {
    this.#over = true;
  }
}

/** The rows of a list that match, page by page. Rows behind the page are not read. */
export function readRows<Row>(
  ids: Iterable<number>,
  get: (id: number) => Row | undefined,
  matches: (row: Row) => boolean,
  { skip, limit }: StorePage,
): readonly Row[] {
  const rows: Row[] = [];
  let passed = 0;
  for (const id of ids) {
    if (rows.length === limit) break;
    const row = get(id);
    if (row === undefined || !matches(row)) continue;
    if (passed < skip) passed += 1;
    else rows.push(row);
  }
  return rows;
}

/** A row with these changes. A change that is `undefined` keeps the value. */
export function withChanges<Row extends object>(
  row: Row,
  changes: { readonly [Field in keyof Row]?: Row[Field] | undefined },
): Row {
  return { ...row, ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) };
}

/** Removes at most so many rows with this key, those with the greatest ids first, and returns how many. */
export function purgeWithKey<Id extends string | number>(
  rows: Rows<Id, { readonly id: Id }>,
  key: unknown,
  limit: number,
): number {
  const ids = rows.idsWithKey(key).toSorted((a, b) => (a < b ? 1 : -1));
  const purged = ids.slice(0, limit);
  for (const id of purged) rows.remove(id);
  return purged.length;
}

/** Removes at most so many rows that have expired, and returns how many. */
export function purgeRows<Id, Row extends { readonly id: Id }>(
  rows: Rows<Id, Row>,
  isOver: (row: Row) => boolean,
  limit: number,
): number {
  const over: Row[] = [];
  for (const row of rows.all()) {
    if (over.length === limit) break;
    if (isOver(row)) over.push(row);
  }
  for (const { id } of over) rows.remove(id);
  return over.length;
}
