import type { Credentials, Post, Session, StorePage, User } from '@sallyport/core';
import { Draft, type Rows, Sequence, Table } from './table.ts';

/** A user as they are kept: with the hash of their password. */
export type UserRow = User & Pick<Credentials, 'passwordHash'>;

/** The key that every admin has who is in use. */
export const activeAdmin = Symbol('active admin');

/** Everything that one store keeps. */
export class Database {
  readonly users = new Table<number, UserRow>((user) => [
    user.email,
    ...(user.role === 'admin' && user.isActive ? [activeAdmin] : []),
  ]);
  readonly sessions = new Table<string, Session>((session) => [session.userId]);
  readonly posts = new Table<number, Post>((post) => [post.authorId]);
  readonly userIds = new Sequence();
  readonly postIds = new Sequence();
}

/** What one transaction makes of a database. */
export class DatabaseDraft {
  readonly #users: Draft<number, UserRow>;
  readonly #sessions: Draft<string, Session>;
  readonly #posts: Draft<number, Post>;
  readonly userIds: Sequence;
  readonly postIds: Sequence;
  #refusal: Error | undefined;
  #over = false;

  constructor(database: Database) {
    this.#users = new Draft(database.users);
    this.#sessions = new Draft(database.sessions);
    this.#posts = new Draft(database.posts);
    this.userIds = database.userIds;
    this.postIds = database.postIds;
  }

  get users(): Rows<number, UserRow> {
    return this.#open(this.#users);
  }

  get sessions(): Rows<string, Session> {
    return this.#open(this.#sessions);
  }

  get posts(): Rows<number, Post> {
    return this.#open(this.#posts);
  }

  /** Refuses a write, and with it the whole transaction, as a database does. */
  refuse(refusal: Error): never {
    this.#refusal = refusal;
    throw refusal;
  }

  /** @throws Error what was refused, even where `work` took no notice */
  commit(): void {
    if (this.#refusal) throw this.#refusal;
    this.#users.commit();
    this.#sessions.commit();
    this.#posts.commit();
  }

  /** From now on, whoever kept this draft gets an error out of it. */
  end(): void {
    this.#over = true;
  }

  #open<Kind>(rows: Kind): Kind {
    if (this.#over) throw new Error('The transaction is over');
    return rows;
  }
}

/** The rows of a list: those that match, page by page, without looking at what lies behind the page. */
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

/** A row with these changes; what they leave undefined stays as it is. */
export function withChanges<Row extends object>(
  row: Row,
  changes: { readonly [Field in keyof Row]?: Row[Field] | undefined },
): Row {
  return { ...row, ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) };
}
