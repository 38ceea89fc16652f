import type {
  Email,
  OneTimeToken,
  OneTimeTokens,
  TokenPurpose,
  User,
  UserId,
  WritableOneTimeTokens,
} from '@sallyport/core';
import sql, { type Sql } from 'sql-template-tag';
import { batchOf } from './clauses.ts';
import { toUser, userColumns, type UserRow } from './rows.ts';
import type { Queries } from './sql.ts';

interface TokenRow {
  readonly user_id: UserId;
  readonly purpose: TokenPurpose;
  readonly email: Email;
  readonly expires_at: Date;
}

export class PostgresOneTimeTokens implements OneTimeTokens {
  readonly #queries: Queries;
  readonly #oneTimeTokens: Sql;
  readonly #users: Sql;

  constructor(queries: Queries) {
    this.#queries = queries;
    this.#oneTimeTokens = queries.table('one_time_tokens');
    this.#users = queries.table('users');
  }

  async findUser(digest: string, purposes: readonly TokenPurpose[], at: Date): Promise<User | undefined> {
    const [row] = await this.#queries.query<UserRow>(sql`
      select ${userColumns} from ${this.#oneTimeTokens} join ${this.#users} on users.id = one_time_tokens.user_id
      where digest = ${digest} and purpose = any (${purposes}) and expires_at > ${at}`);
    return row && toUser(row);
  }
}

export class PostgresWritableOneTimeTokens implements WritableOneTimeTokens {
  readonly #queries: Queries;
  readonly #oneTimeTokens: Sql;

  constructor(queries: Queries) {
    this.#queries = queries;
    this.#oneTimeTokens = queries.table('one_time_tokens');
  }

  async replace({ userId, purpose, email, digest, expiresAt }: OneTimeToken): Promise<void> {
    await this.#queries.query(sql`
      insert into ${this.#oneTimeTokens} (user_id, purpose, email, digest, expires_at)
      values (${userId}, ${purpose}, ${email}, ${digest}, ${expiresAt})
      on conflict (user_id, purpose)
      do update set email = excluded.email, digest = excluded.digest, expires_at = excluded.expires_at`);
  }

  async consume(digest: string, purposes: readonly TokenPurpose[], at: Date): Promise<OneTimeToken | undefined> {
    const [row] = await this.#queries.query<TokenRow>(sql`
      delete from ${this.#oneTimeTokens}
      where digest = ${digest} and purpose = any (${purposes}) and expires_at > ${at}
      returning user_id, purpose, email, expires_at`);
    return row && { userId: row.user_id, purpose: row.purpose, email: row.email, digest, expiresAt: row.expires_at };
  }

  async deleteAllOf(userId: UserId): Promise<void> {
    await this.#queries.query(sql`delete from ${this.#oneTimeTokens} where user_id = ${userId}`);
  }

  async purge(before: Date, limit: number): Promise<number> {
    const batch = batchOf(this.#oneTimeTokens, sql`expires_at < ${before}`, limit);
    const purged = await this.#queries.query(sql`delete from ${this.#oneTimeTokens} where ${batch} returning user_id`);
    return purged.length;
  }
}
