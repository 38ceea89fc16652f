import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import type { Sql } from './sql.ts';

const folder = fileURLToPath(new URL('../migrations', import.meta.url));

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * Brings the database's schema up to date, all steps or none, and returns the names of those it took.
 * Nodes that start together wait for each other.
 */
export async function migrate(sql: Sql): Promise<readonly string[]> {
  const steps = await sql.migrating((client) =>
    runner({
      // Of a client, the runner uses this one method.
      dbClient: client as never,
      dir: folder,
      direction: 'up',
      migrationsTable: 'sallyport_migrations',
      singleTransaction: true,
      advisoryLockMode: 'wait',
      logger: silent,
    }),
  );
  return steps.map(({ name }) => name);
}
