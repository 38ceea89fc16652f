import type { KeyStore, StoredKey, WritableKeyStore } from '@sallyport/core';
import sql, { type Sql } from 'sql-template-tag';
import type { Queries, TransactionQueries } from './sql.ts';

interface KeyRow {
  readonly kid: string;
  readonly public_jwk: string;
  readonly sealed_private_key: string;
  readonly created_at: Date;
  readonly active_from: Date;
  readonly predecessor: string;
}

export class PostgresKeyStore implements KeyStore {
  readonly #queries: Queries;
  readonly #signingKeys: Sql;

  constructor(queries: Queries) {
    this.#queries = queries;
    this.#signingKeys = queries.table('signing_keys');
  }

  async list(): Promise<readonly StoredKey[]> {
    const rows = await this.#queries.query<KeyRow>(sql`
      select kid, public_jwk, sealed_private_key, created_at, active_from, predecessor
      from ${this.#signingKeys} order by active_from`);
    return rows.map((row) => ({
      kid: row.kid,
      publicJwk: row.public_jwk,
      sealedPrivateKey: row.sealed_private_key,
      createdAt: row.created_at,
      activeFrom: row.active_from,
      predecessor: row.predecessor,
    }));
  }
}

export class PostgresWritableKeyStore implements WritableKeyStore {
  readonly #queries: TransactionQueries;
  readonly #signingKeys: Sql;

  constructor(queries: TransactionQueries) {
    this.#queries = queries;
    this.#signingKeys = queries.table('signing_keys');
  }

  async append(key: StoredKey): Promise<boolean> {
    const { kid, publicJwk, sealedPrivateKey, createdAt, activeFrom, predecessor } = key;
    if (predecessor !== '' && !(await this.#holds(predecessor))) return false;
    const appended = await this.#queries.query(sql`
      insert into ${this.#signingKeys} (kid, public_jwk, sealed_private_key, created_at, active_from, predecessor)
      values (${kid}, ${publicJwk}, ${sealedPrivateKey}, ${createdAt}, ${activeFrom}, ${predecessor})
      on conflict (predecessor) do nothing
      returning kid`);
    return appended.length > 0;
  }

  async reseal(kid: string, sealedPrivateKey: string): Promise<void> {
    await this.#queries.send(
      sql`update ${this.#signingKeys} set sealed_private_key = ${sealedPrivateKey} where kid = ${kid}`,
    );
  }

  async delete(kid: string): Promise<void> {
    await this.#queries.send(sql`delete from ${this.#signingKeys} where kid = ${kid}`);
  }

  async deleteAll(): Promise<number> {
    // A transaction that adds a key holds the predecessor. Once it has ended, the next statement sees what it added.
    await this.#queries.query(sql`select kid from ${this.#signingKeys} for update`);
    const deleted = await this.#queries.query(sql`delete from ${this.#signingKeys} returning kid`);
    return deleted.length;
  }

  /** Whether the key is there. It then stays until this transaction ends. */
  async #holds(kid: string): Promise<boolean> {
    const held = await this.#queries.query(sql`select kid from ${this.#signingKeys} where kid = ${kid} for share`);
    return held.length > 0;
  }
}
