import type { DatabaseFacts, PlannedMigration } from '@sallyport/adapters-postgres';
import { type Finding, findingsOf } from './finding.ts';

const { ok, warning, error } = findingsOf('database');
const schemaFindings = findingsOf('schema');
const clockFindings = findingsOf('clock');

/** Connections of one node. */
const pool = 10;

/** Seconds by which clocks may differ unnoticed. */
const tolerated = 2;

/** What answers, and how many nodes it has connections for. */
export function checkConnections(facts: DatabaseFacts): readonly Finding[] {
  const { version, encoding, hasOwnSession, maxConnections, connections } = facts;
  const place = `PostgreSQL ${version}, encoding ${encoding}${hasOwnSession ? '' : ', behind a pooler'}`;
  if (!hasOwnSession) return [ok(place)];
  if (maxConnections < pool) {
    return [
      warning(
        `${place}; the role may open ${maxConnections} connections, and a node wants ${pool}`,
        'raise max_connections, or the limit of the role or the database; meanwhile requests wait for each other',
      ),
    ];
  }
  const free = maxConnections - connections;
  if (free < pool) {
    return [
      warning(
        `${place}; ${connections} of ${maxConnections} connections are open, and another node wants ${pool}`,
        'raise max_connections, or put a pooler in front',
      ),
    ];
  }
  return [ok(`${place}, ${connections} of ${maxConnections} connections open`)];
}

/** Nodes use the clock of the database, so a difference harms what other programs compare. */
export function checkClock({ secondsAhead }: Pick<DatabaseFacts, 'secondsAhead'>): readonly Finding[] {
  const skew = Math.abs(secondsAhead).toFixed(1);
  if (Math.abs(secondsAhead) <= tolerated) return [clockFindings.ok('that of the database is the same')];
  const which = secondsAhead > 0 ? 'ahead of' : 'behind';
  return [
    clockFindings.warning(
      `The clock of the database is ${skew} s ${which} that of this machine; tokens carry the time of the database`,
      'synchronise both by NTP, or other services may refuse the tokens',
    ),
  ];
}

/** Whether the tables are those of this release. */
export function checkSchema(schema: string, pending: readonly PlannedMigration[]): readonly Finding[] {
  const atStart = pending.filter(({ kind }) => kind === 'transactional');
  const later = pending.filter(({ kind }) => kind !== 'transactional');
  if (pending.length === 0) return [schemaFindings.ok(`${schema} is up to date`)];
  const names = (steps: readonly PlannedMigration[]) => steps.map(({ name }) => name).join(', ');
  return [
    ...(atStart.length > 0
      ? [
          schemaFindings.warning(
            `${schema} lacks ${names(atStart)}`,
            'run sallyport migrate --plan, then sallyport migrate; a start takes these steps too',
          ),
        ]
      : []),
    ...(later.length > 0
      ? [schemaFindings.warning(`${schema} lacks ${names(later)}, so some requests are slow`, 'run sallyport migrate')]
      : []),
  ];
}

/** A database that does not answer, or that refuses to be used. */
export function databaseFails(message: string): readonly Finding[] {
  return [error(message, 'check DATABASE_URL and the network, or run the statements that are named')];
}
