import type { Email, KnownNetworks, UserId, WritableKnownNetworks } from '@sallyport/core';
import sql, { type Sql } from 'sql-template-tag';
import { batchOf } from './clauses.ts';
import { deleteSelected } from './delete-selected.ts';
import type { Queries, TransactionQueries } from './sql.ts';

export class PostgresKnownNetworks implements KnownNetworks {
  readonly #queries: Queries;

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  async isKnown(email: Email, network: string, at: Date): Promise<boolean> {
    const known = await this.#queries.query(sql`
      select network from ${this.#queries.table('known_networks')}
      where user_id = (select id from ${this.#queries.table('users')} where email = ${email})
        and network = ${network} and known_until > ${at}`);
    return known.length > 0;
  }
}

export class PostgresWritableKnownNetworks implements WritableKnownNetworks {
  readonly #queries: TransactionQueries;
  readonly #known: Sql;

  constructor(queries: TransactionQueries) {
    this.#queries = queries;
    this.#known = queries.table('known_networks');
  }

  async remember(userId: UserId, network: string, until: Date, keep: number): Promise<void> {
    await this.#queries.send(sql`
      with remembered as (
        insert into ${this.#known} as kept (user_id, network, known_until) values (${userId}, ${network}, ${until})
        on conflict (user_id, network) do update set known_until = greatest(kept.known_until, excluded.known_until))
      delete from ${this.#known} where ctid = any (array(
        select ctid from ${this.#known} where user_id = ${userId} and network <> ${network}
        order by known_until desc, network offset ${keep - 1}))`);
  }

  async purge(at: Date, limit: number): Promise<number> {
    return this.#purge(batchOf(this.#known, sql`known_until`, sql`<= ${at}`, limit));
  }

  async purgeAllOf(userId: UserId, limit: number): Promise<number> {
    const some = sql`select ctid from ${this.#known} where user_id = ${userId} limit ${limit}`;
    return deleteSelected(this.#queries, this.#known, some);
  }

  async #purge(batch: Sql): Promise<number> {
    const purged = await this.#queries.query(sql`delete from ${this.#known} where ${batch} returning network`);
    return purged.length;
  }
}
