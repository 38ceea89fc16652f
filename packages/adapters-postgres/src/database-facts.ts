import sql from 'sql-template-tag';
import type { Sql } from './sql.ts';

/** What an operator may want to know of a database. */
export interface DatabaseFacts {
  /** As the server writes it: `17.2`. */
  readonly version: string;
  readonly encoding: string;
  /** Whether a session lasts longer than a transaction, unlike behind a pooler. */
  readonly hasOwnSession: boolean;
  /** Connections that the role may open: of the server, the database or the role, whichever is less. */
  readonly maxConnections: number;
  /** How many of them are open, by all clients. */
  readonly connections: number;
  /** Seconds by which the clock of the database is ahead of the clock of this process. */
  readonly secondsAhead: number;
}

interface Row {
  readonly version: string;
  readonly encoding: string;
  readonly max: number;
  readonly reserved: number;
  readonly of_role: number;
  readonly of_database: number;
  readonly connections: number;
}

/**
 * Reads facts from the catalog, and the clock. It needs no privilege.
 *
 * @throws SqlError | SallyportError `unavailable`
 */
export function readDatabaseFacts(database: Pick<Sql, 'migrating'>): Promise<DatabaseFacts> {
  return database.migrating(async (connection) => {
    const [row] = await connection.query<Row>(sql`
      select split_part(current_setting('server_version'), ' ', 1) as version,
        current_setting('server_encoding') as encoding,
        current_setting('max_connections')::int as max,
        current_setting('superuser_reserved_connections')::int as reserved,
        (select rolconnlimit from pg_catalog.pg_roles where rolname = current_user) as of_role,
        (select datconnlimit from pg_catalog.pg_database where datname = current_database()) as of_database,
        (select count(*)::int from pg_catalog.pg_stat_activity where datid is not null) as connections`);
    if (!row) throw new Error('The database told nothing of itself');
    const asked = Date.now();
    const [{ now } = { now: new Date() }] = await connection.query<{ readonly now: Date }>(
      sql`select clock_timestamp() as now`,
    );
    const limits = [row.max - row.reserved, row.of_role, row.of_database].filter((limit) => limit >= 0);
    return {
      version: row.version,
      encoding: row.encoding,
      hasOwnSession: connection.hasOwnSession,
      maxConnections: Math.min(...limits),
      connections: row.connections,
      // The database read its clock between the question and the answer.
      secondsAhead: (now.getTime() - (asked + Date.now()) / 2) / 1000,
    };
  });
}
