import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { inject } from 'vitest';

/** A database for one test. */
export interface TestDatabase {
  readonly url: string;
  /** Closes all connections to it and removes it. Dropping it twice is harmless. */
  drop(): Promise<void>;
}

const created = new Set<TestDatabase>();

/** Drops the remaining databases of a file, because a server that was given outlives the run. */
export async function dropDatabases(): Promise<void> {
  for (const database of created) await database.drop();
}

/**
 * Creates a database with a name of its own on the server that the run shares: empty, or a copy of the template. A
 * template must have no connections. Postgres waits five seconds for connections that are closing.
 */
export async function createDatabase({ template = 'template0' }: { template?: string } = {}): Promise<TestDatabase> {
  const url = new URL(inject('postgresUrl'));
  const name = `test_${randomUUID()}`;
  await run(`create database ${escapeIdentifier(name)} template ${escapeIdentifier(template)}`);
  url.pathname = name;
  const database = {
    url: url.href,
    drop: async () => {
      await run(`drop database if exists ${escapeIdentifier(name)} with (force)`);
      created.delete(database);
    },
  };
  created.add(database);
  return database;
}

async function run(sql: string): Promise<void> {
  const client = new Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
