import {
  type AccountKeys,
  assignedId,
  type CredentialChanges,
  type Credentials,
  type Email,
  type ImportedUser,
  type NewUser,
  type StorePage,
  type User,
  type UserChanges,
  type UserFilter,
  type UserId,
  type Users,
  type WritableUsers,
} from '@sallyport/core';
import sql, { join, type Sql } from 'sql-template-tag';
import { given, where } from './clauses.ts';
import { importUsers } from './import-users.ts';
import { credentialColumns, type CredentialsRow, toCredentials, toUser, userColumns, type UserRow } from './rows.ts';
import { isFoundBy, searchVector, vectorWithEmail, vectorWithName } from './text-search.ts';
import type { Queries, TransactionQueries } from './sql.ts';

/** Accounts that a search looks through before it uses its index. */
const nearby = 500;

export class PostgresUsers implements Users {
  readonly #queries: Queries;
  readonly #users: Sql;

  constructor(queries: Queries) {
    this.#queries = queries;
    this.#users = queries.table('users');
  }

  async findById(id: UserId): Promise<User | undefined> {
    const [row] = await this.#queries.query<UserRow>(sql`select ${userColumns} from ${this.#users} where id = ${id}`);
    return row && toUser(row);
  }

  async findCredentials(key: { readonly email: Email } | { readonly id: UserId }): Promise<Credentials | undefined> {
    const [row] = await this.#queries.query<CredentialsRow>(
      'id' in key
        ? sql`select ${userColumns}, ${credentialColumns} from ${this.#users} where id = ${key.id}`
        : sql`select ${userColumns}, ${credentialColumns} from ${this.#users} where email = ${key.email}`,
    );
    return row && toCredentials(row);
  }

  async list(
    { isActive, role, emailVerified, externalId, search }: UserFilter,
    { skip, limit, after }: StorePage,
  ): Promise<readonly User[]> {
    const isFound = search === undefined ? undefined : isFoundBy(search);
    if (search !== undefined && !isFound) return [];
    const condition = where([
      ...given(isActive, (value) => sql`is_active = ${value}`),
      ...given(role, (value) => sql`role = ${value}`),
      ...given(emailVerified, (value) => sql`email_verified = ${value}`),
      ...given(externalId, (value) => sql`external_id = ${value}`),
      ...given(after, (value) => sql`id > ${value}`),
    ]);
    if (isFound) return this.#search(isFound, condition, { skip, limit });
    const rows = await this.#queries.query<UserRow>(
      sql`select ${userColumns} from ${this.#users} ${condition} order by id limit ${limit} offset ${skip}`,
    );
    return rows.map(toUser);
  }

  async listCredentials({ skip, limit, after }: StorePage): Promise<readonly Credentials[]> {
    const rows = await this.#queries.query<CredentialsRow>(sql`
      select ${userColumns}, ${credentialColumns} from ${this.#users}
      ${where(given(after, (value) => sql`id > ${value}`))} order by id limit ${limit} offset ${skip}`);
    return rows.map(toCredentials);
  }

  /**
   * A search with many matches finds a page among the next accounts. Its index would read all matches first, perhaps
   * half of the accounts. A search with few matches finds them by the index.
   */
  async #search(isFound: Sql, condition: Sql, { skip, limit }: StorePage): Promise<readonly User[]> {
    const near = sql`select * from ${this.#users} ${condition} order by id limit ${nearby}`;
    const all = sql`select * from ${this.#users} where ${isFound} offset 0`;
    const rows = await this.#queries.query<UserRow>(sql`
      select ${userColumns} from (${near}) as users where ${isFound} order by id limit ${limit} offset ${skip}`);
    if (rows.length >= limit) return rows.map(toUser);
    const found = await this.#queries.query<UserRow>(
      sql`select ${userColumns} from (${all}) as users ${condition} order by id limit ${limit} offset ${skip}`,
    );
    return found.map(toUser);
  }
}

export class PostgresWritableUsers implements WritableUsers {
  readonly #queries: TransactionQueries;
  readonly #users: Sql;

  constructor(queries: TransactionQueries) {
    this.#queries = queries;
    this.#users = queries.table('users');
  }

  async append(user: NewUser): Promise<User> {
    const { name, email, externalId, profile, role, isActive, emailVerified, createdAt, passwordHash } = user;
    const [row] = await this.#queries.query<UserRow>(sql`
      insert into ${this.#users}
        (email, external_id, name, search, profile, role, is_active, email_verified, created_at, password_hash)
      values
        (${email}, ${externalId}, ${name}, ${searchVector(user)}, ${JSON.stringify(profile)},
         ${role}, ${isActive}, ${emailVerified}, ${createdAt}, ${passwordHash})
      returning ${userColumns}`);
    const appended = toUser(row as UserRow);
    return { ...appended, id: assignedId(appended.id) };
  }

  import(users: readonly ImportedUser[]): Promise<readonly (UserId | undefined)[]> {
    return importUsers(this.#queries, users);
  }

  async findAny({ ids, emails, externalIds }: AccountKeys): Promise<readonly Credentials[]> {
    const rows = await this.#queries.query<CredentialsRow>(sql`
      select ${userColumns}, ${credentialColumns} from ${this.#users}
      where id = any (${ids}::bigint[]) or email = any (${emails}::text[]) or external_id = any (${externalIds}::text[])`);
    return rows.map(toCredentials);
  }

  async lockAll(ids: readonly UserId[]): Promise<readonly UserId[]> {
    const rows = await this.#queries.query<{ id: UserId }>(
      sql`select id from ${this.#users} where id = any (${ids}::bigint[]) order by id for no key update`,
    );
    return rows.map(({ id }) => id);
  }

  async update(id: UserId, { name, profile, role, isActive, emailVerified }: UserChanges): Promise<User | undefined> {
    const isProfileSent = profile !== undefined && Object.keys(profile).length > 0;
    const assignments = [
      ...given(emailVerified, (value) => sql`email_verified = ${value}`),
      ...given(name, (value) => sql`name = ${value}, search = ${vectorWithName(value)}`),
      ...given(
        isProfileSent ? profile : undefined,
        (value) => sql`profile = profile || ${JSON.stringify(value)}::jsonb`,
      ),
      ...given(role, (value) => sql`role = ${value}`),
      ...given(isActive, (value) => sql`is_active = ${value}`),
    ];
    const [row] = await this.#queries.query<UserRow>(
      assignments.length > 0
        ? sql`update ${this.#users} set ${join(assignments)} where id = ${id} returning ${userColumns}`
        : sql`select ${userColumns} from ${this.#users} where id = ${id}`,
    );
    return row && toUser(row);
  }

  async changeCredentials(
    id: UserId,
    { passwordHash, email, emailVerified }: CredentialChanges,
  ): Promise<Credentials | undefined> {
    const assignments = [
      sql`security_version = security_version + 1`,
      ...given(passwordHash, (value) => sql`password_hash = ${value}`),
      ...given(email, (value) => sql`email = ${value}, search = ${vectorWithEmail(value)}`),
      ...given(emailVerified, (value) => sql`email_verified = ${value}`),
    ];
    const [row] = await this.#queries.query<CredentialsRow>(sql`
      update ${this.#users} set ${join(assignments)} where id = ${id} returning ${userColumns}, ${credentialColumns}`);
    return row && toCredentials(row);
  }

  async rehashPassword(id: UserId, passwordHash: string): Promise<void> {
    await this.#queries.send(sql`update ${this.#users} set password_hash = ${passwordHash} where id = ${id}`);
  }

  async delete(id: UserId): Promise<boolean> {
    const deleted = await this.#queries.query(sql`delete from ${this.#users} where id = ${id} returning id`);
    return deleted.length > 0;
  }

  async lockCredentials(id: UserId): Promise<Credentials | undefined> {
    // No key of the row changes, so transactions that only refer to it need not wait.
    const [row] = await this.#queries.query<CredentialsRow>(
      sql`select ${userColumns}, ${credentialColumns} from ${this.#users} where id = ${id} for no key update`,
    );
    return row && toCredentials(row);
  }

  async lockActiveAdmins(): Promise<readonly UserId[]> {
    // If there is no admin, there is no row to lock. This is a separate statement, so that the next one sees what the
    // awaited transactions have committed.
    await this.#queries.send(
      sql`select pg_advisory_xact_lock(hashtextextended(${`${this.#queries.schema}: active admins`}, 0))`,
    );
    const rows = await this.#queries.query<{ id: UserId }>(
      sql`select id from ${this.#users} where role = 'admin' and is_active order by id`,
    );
    return rows.map(({ id }) => id);
  }
}
