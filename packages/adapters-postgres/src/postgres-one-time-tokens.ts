import type {
  Email,
  FoundToken,
  OneTimeToken,
  OneTimeTokens,
  ShownToken,
  TokenMail,
  TokenPurpose,
  UserId,
  WritableOneTimeTokens,
} from '@sallyport/core';
import sql, { type Sql } from 'sql-template-tag';
import { batchOf, given, where } from './clauses.ts';
import { deleteSelected } from './delete-selected.ts';
import { toUser, userColumns, type UserRow } from './rows.ts';
import type { Queries, TransactionQueries } from './sql.ts';

const columns = sql`user_id, purpose, email, digest, created_at, expires_at, used_at`;

interface TokenRow {
  readonly user_id: UserId;
  readonly purpose: TokenPurpose;
  readonly email: Email;
  readonly digest: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly used_at: Date | null;
}

function toToken({ user_id, purpose, email, digest, created_at, expires_at, used_at }: TokenRow): OneTimeToken {
  return {
    userId: user_id,
    purpose,
    email,
    digest,
    createdAt: created_at,
    expiresAt: expires_at,
    usedAt: used_at ?? undefined,
  };
}

/** A token beside its owner, who has columns of the same names. */
interface FoundRow extends UserRow, Omit<TokenRow, 'email' | 'created_at'> {
  readonly mailed_to: Email;
  readonly mailed_at: Date;
}

function isShown({ digest, purposes, at }: ShownToken): Sql {
  return sql`digest = ${digest} and purpose = any (${purposes}) and expires_at > ${at}`;
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

  async find({ digest, purposes, at }: ShownToken): Promise<FoundToken | undefined> {
    const [row] = await this.#queries.query<FoundRow>(sql`
      select ${userColumns}, user_id, purpose, one_time_tokens.email as mailed_to, digest,
        one_time_tokens.created_at as mailed_at, expires_at, used_at
      from ${this.#oneTimeTokens} join ${this.#users} on users.id = one_time_tokens.user_id
      where digest = ${digest} and purpose = any (${purposes}) and expires_at > ${at}`);
    return row && { token: toToken({ ...row, email: row.mailed_to, created_at: row.mailed_at }), user: toUser(row) };
  }
}

export class PostgresWritableOneTimeTokens implements WritableOneTimeTokens {
  readonly #queries: TransactionQueries;
  readonly #oneTimeTokens: Sql;

  constructor(queries: TransactionQueries) {
    this.#queries = queries;
    this.#oneTimeTokens = queries.table('one_time_tokens');
  }

  async append(token: OneTimeToken, { mail, keep }: TokenMail): Promise<void> {
    const { userId, purpose, email, digest, createdAt, expiresAt, usedAt } = token;
    const ofPurpose = sql`user_id = ${userId} and purpose = ${purpose}`;
    await this.#queries.send(sql`
      insert into ${this.#oneTimeTokens} (${columns}, mail)
      values (${userId}, ${purpose}, ${email}, ${digest}, ${createdAt}, ${expiresAt}, ${usedAt}, ${mail})`);
    // A token of an earlier release has no mail, and counts as the only one of a mail.
    await this.#queries.send(sql`
      with tokens as (
        select digest, coalesce(mail, digest) as mail,
          case when digest = ${digest} then 'infinity' else created_at end as at
        from ${this.#oneTimeTokens} where ${ofPurpose}),
      mails as (select mail from tokens group by mail order by max(at) desc, mail desc limit ${keep}),
      ranked as (
        select digest, row_number() over (partition by mail order by at desc, digest desc) as place
        from tokens where mail in (select mail from mails))
      delete from ${this.#oneTimeTokens}
      where ${ofPurpose} and digest not in (select digest from ranked where place <= ${keep})`);
  }

  async consume(shown: ShownToken): Promise<OneTimeToken | undefined> {
    const [row] = await this.#queries.query<TokenRow>(
      sql`delete from ${this.#oneTimeTokens} where ${isShown(shown)} returning ${columns}`,
    );
    return row && toToken(row);
  }

  async use(shown: ShownToken): Promise<OneTimeToken | undefined> {
    const [row] = await this.#queries.query<TokenRow>(
      sql`select ${columns} from ${this.#oneTimeTokens} where ${isShown(shown)} for update`,
    );
    if (row && !row.used_at) {
      await this.#queries.send(
        sql`update ${this.#oneTimeTokens} set used_at = ${shown.at} where digest = ${shown.digest}`,
      );
    }
    return row && toToken(row);
  }

  async deleteAllOf(
    userId: UserId,
    { purposes, except }: Parameters<WritableOneTimeTokens['deleteAllOf']>[1] = {},
  ): Promise<void> {
    const conditions = [
      sql`user_id = ${userId}`,
      ...given(purposes, (value) => sql`purpose = any (${value})`),
      ...given(except, (value) => sql`digest <> ${value}`),
    ];
    await this.#queries.send(sql`delete from ${this.#oneTimeTokens} ${where(conditions)}`);
  }

  async purge(before: Date, limit: number): Promise<number> {
    return this.#purge(batchOf(this.#oneTimeTokens, sql`expires_at`, sql`< ${before}`, limit));
  }

  async purgeAllOf(userId: UserId, limit: number): Promise<number> {
    const some = sql`select ctid from ${this.#oneTimeTokens} where user_id = ${userId} limit ${limit}`;
    return deleteSelected(this.#queries, this.#oneTimeTokens, some);
  }

  async #purge(batch: Sql): Promise<number> {
    const purged = await this.#queries.query(sql`delete from ${this.#oneTimeTokens} where ${batch} returning user_id`);
    return purged.length;
  }
}
