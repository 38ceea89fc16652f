import sql from 'sql-template-tag';
import { quoted } from '../identifiers.ts';
import type { MigrationConnection } from '../sql.ts';

/**
 * Each statement must see what the awaited transaction has committed. The server, the database or the role may set
 * limits, which must not interrupt a migration. They are lifted in one message: a limit of a moment would end the
 * transaction between two.
 */
const beginWithoutLimits = `begin isolation level read committed;
  select set_config(name, '0', true) from pg_catalog.pg_settings where name in
    ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`;

/**
 * Maximum wait for a table, in milliseconds. Later requests for the table queue behind the migration. A long
 * transaction, such as a backup, must therefore not stop the serving nodes.
 */
const tableTimeout = '10000';

/**
 * Runs `work` in one transaction, in which unqualified names belong to the schema. Transactions of this kind on the
 * same schema wait for each other. All settings are local to the transaction and none stays in the database session, so
 * it also works through a pooler.
 */
export async function inMigration<Result>(
  connection: MigrationConnection,
  schema: string,
  work: () => Promise<Result>,
): Promise<Result> {
  await connection.run(beginWithoutLimits);
  try {
    await connection.query(sql`
      select set_config('search_path', ${quoted(schema)}, true), set_config('standard_conforming_strings', 'on', true)`);
    await connection.query(sql`
      select pg_advisory_xact_lock(hashtextextended(${`sallyport migrations of ${schema}`}, 0))`);
    await connection.query(sql`select set_config('lock_timeout', ${tableTimeout}, true)`);
    const result = await work();
    await connection.run('commit');
    return result;
  } catch (error) {
    await connection.run('rollback').catch(() => {});
    throw error;
  }
}
