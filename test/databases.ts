import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { inject } from 'vitest';

/** A database of a test's own. */
export interface TestDatabase {
  readonly url: string;
  /** Ends whatever is still connected to it and removes it. Dropping it twice is harmless. */
  drop(): Promise<void>;
}

const created = new Set<TestDatabase>();

/** Drops what is left of the databases that a file created: a server that was given outlives the run. */
export async function dropDatabases(): Promise<void> {
  for (const database of created) await database.drop();
}

/**
 * A fresh database with a name of its own on the server that the run shares: empty, or a copy of the
 * database named as template. Nobody may be connected to a template; Postgres waits five seconds for those
 * who are about to leave.
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
