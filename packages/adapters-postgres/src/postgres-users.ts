import {
  type Credentials,
  type Email,
  foldCase,
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
import { beginsWith, given, where } from './clauses.ts';
import { toUser, userColumns, type UserRow } from './rows.ts';
import type { Queries } from './sql.ts';

type CredentialsRow = UserRow & { readonly password_hash: string };

function toCredentials(row: CredentialsRow): Credentials {
  return { user: toUser(row), passwordHash: row.password_hash };
}

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
        ? sql`select ${userColumns}, password_hash from ${this.#users} where id = ${key.id}`
        : sql`select ${userColumns}, password_hash from ${this.#users} where email = ${key.email}`,
    );
    return row && toCredentials(row);
  }

  async list({ isActive, role, search }: UserFilter, { skip, limit, after }: StorePage): Promise<readonly User[]> {
    const conditions = [
      ...given(isActive, (value) => sql`is_active = ${value}`),
      ...given(role, (value) => sql`role = ${value}`),
      ...given(search, (value) => sql`(${beginsWith(sql`email`, value)} or ${beginsWith(sql`name_folded`, value)})`),
      ...given(after, (value) => sql`id > ${value}`),
    ];
    const rows = await this.#queries.query<UserRow>(
      sql`select ${userColumns} from ${this.#users} ${where(conditions)} order by id limit ${limit} offset ${skip}`,
    );
    return rows.map(toUser);
  }
}

export class PostgresWritableUsers implements WritableUsers {
  readonly #queries: Queries;
  readonly #users: Sql;

  constructor(queries: Queries) {
    this.#queries = queries;
    this.#users = queries.table('users');
  }

  async append(user: NewUser): Promise<User> {
    const { name, email, age, city, role, isActive, emailVerified, createdAt, passwordHash } = user;
    const [row] = await this.#queries.query<UserRow>(sql`
      insert into ${this.#users}
        (email, name, name_folded, age, city, role, is_active, email_verified, created_at, password_hash)
      values
        (${email}, ${name}, ${foldCase(name)}, ${age}, ${city}, ${role}, ${isActive}, ${emailVerified}, ${createdAt},
         ${passwordHash})
      returning ${userColumns}`);
    return toUser(row as UserRow);
  }

  async update(id: UserId, changes: UserChanges): Promise<User | undefined> {
    const { name, email, age, city, role, isActive, emailVerified } = changes;
    const assignments = [
      ...given(email, (value) => sql`email = ${value}`),
      ...given(emailVerified, (value) => sql`email_verified = ${value}`),
      ...given(name, (value) => sql`name = ${value}, name_folded = ${foldCase(value)}`),
      ...given(age, (value) => sql`age = ${value}`),
      ...given(city, (value) => sql`city = ${value}`),
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

  async setPasswordHash(id: UserId, passwordHash: string): Promise<void> {
    await this.#queries.query(sql`update ${this.#users} set password_hash = ${passwordHash} where id = ${id}`);
  }

  async delete(id: UserId): Promise<boolean> {
    const deleted = await this.#queries.query(sql`delete from ${this.#users} where id = ${id} returning id`);
    return deleted.length > 0;
  }

  async lockCredentials(id: UserId): Promise<Credentials | undefined> {
    // No key of the row changes, so those who only refer to it need not wait.
    const [row] = await this.#queries.query<CredentialsRow>(
      sql`select ${userColumns}, password_hash from ${this.#users} where id = ${id} for no key update`,
    );
    return row && toCredentials(row);
  }

  async lockActiveAdmins(): Promise<readonly UserId[]> {
    // Where there is no admin there is no row to lock. A statement of its own, so that the next one sees
    // what those committed who were waited for.
    await this.#queries.query(
      sql`select pg_advisory_xact_lock(hashtextextended(${`${this.#queries.schema}: active admins`}, 0))`,
    );
    const rows = await this.#queries.query<{ id: UserId }>(
      sql`select id from ${this.#users} where role = 'admin' and is_active order by id`,
    );
    return rows.map(({ id }) => id);
  }
}
