import sql from 'sql-template-tag';
import type { MigrationConnection } from '../sql.ts';
import { MigrationError } from './migration-error.ts';

/** What an operator may have set for the server, the database or the role, and what the tables rely on. */
interface Settings {
  readonly encoding: string;
  readonly version: number;
  readonly style: string;
  readonly read_only: string;
  readonly is_standby: boolean;
  readonly triggers: string;
}

/** `xid8`, which orders the audit, is the newest thing that the tables need. */
const oldestVersion = 130_000;

/**
 * Refuses a database that cannot work, before the first table is created in it.
 *
 * @throws MigrationError
 */
export async function refuseUnlessUsable(connection: MigrationConnection): Promise<void> {
  const [settings] = await connection.query<Settings>(sql`
    select current_setting('server_encoding') as encoding, current_setting('server_version_num')::int as version,
      current_setting('DateStyle') as style, current_setting('transaction_read_only') as read_only,
      pg_is_in_recovery() as is_standby, current_setting('session_replication_role') as triggers`);
  const reason = settings && reasonAgainst(settings);
  if (reason !== undefined) throw new MigrationError(`${reason} Nothing was changed.`);
}

function reasonAgainst(settings: Settings): string | undefined {
  const { encoding, version, style, read_only: readOnly, is_standby: isStandby, triggers } = settings;
  if (version < oldestVersion) return 'The database is older than PostgreSQL 13.';
  if (encoding !== 'UTF8') {
    return `The database has the encoding ${encoding}, in which some text cannot be stored. Create it with the encoding UTF8.`;
  }
  if (!style.startsWith('ISO')) {
    return `The database writes times in the style ${style}. Set DateStyle to ISO for the database or the role, or in the options of the pool.`;
  }
  // A standby may become the primary while a start waits, so the migration itself finds out.
  if (readOnly === 'on' && !isStandby) {
    return 'The database is read-only for this role: default_transaction_read_only is on.';
  }
  if (triggers !== 'origin') {
    return `The database ignores references between tables for this role: session_replication_role is ${triggers}.`;
  }
  return undefined;
}
