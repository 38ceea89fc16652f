import sql from 'sql-template-tag';
import type { MigrationConnection, Sql } from '../sql.ts';
import { readUnfilled } from './backfill.ts';
import { readMissing } from './indexes.ts';
import { inWords } from './migration-error.ts';
import { type MigrationPart, readParts, type TableLock } from './part.ts';
import { readPending } from './pending.ts';
import type { Step } from './step.ts';
import { refuseUnlessUsable } from './usable.ts';

/** A pending migration, and its cost. */
export interface PlannedMigration {
  readonly name: string;
  /**
   * `concurrent` migrations run while the tables are in use, by `createMissingIndexes`, and so does a `backfill`, by
   * `runBackfills`. `transactional` ones run all together, at the start.
   */
  readonly kind: 'transactional' | 'concurrent' | 'backfill';
  readonly locks: readonly PlannedLock[];
  /** The estimated duration, within a factor of three, if every row of a table is rewritten or indexed. */
  readonly seconds?: number | undefined;
}

/** A lock on an existing table, held until the end of the transaction or of the statement. */
export interface PlannedLock extends TableLock {
  /** An estimate; absent if PostgreSQL has none. */
  readonly rows?: number | undefined;
  /** The size of the table with its indexes. */
  readonly bytes: number;
}

/** Rows per second that a small server rewrites or indexes. */
const pace = 25_000;

/**
 * What `migrate`, `createMissingIndexes` and `runBackfills` would do with these parts of modules. It changes nothing.
 * While transactional migrations are pending, backfills are not known, because their columns may not exist.
 *
 * @throws MigrationError as `migrate` would before its first change | SallyportError `unavailable`
 */
export async function planMigrations(
  database: Sql,
  parts: readonly MigrationPart[] = [],
): Promise<readonly PlannedMigration[]> {
  const { schema } = database;
  const read = await readParts(parts);
  try {
    return await database.migrating(async (connection) => {
      await refuseUnlessUsable(connection);
      const { steps } = await readPending(connection, schema, read);
      const indexes = (await readMissing(connection, schema, read)).map(({ name, table }) => ({
        name,
        locks: [{ table, mode: 'SHARE UPDATE EXCLUSIVE' }],
        rewrites: [table],
      }));
      const sizes = await readSizes(
        connection,
        schema,
        [...steps, ...indexes].flatMap(({ locks }) => locks.map(({ table }) => table)),
      );
      const unfilled = steps.length === 0 ? await readUnfilled(connection, schema, read) : [];
      return [
        ...steps.map((step) => plan(step, 'transactional', sizes)),
        // The index of a table that is yet to be created is created with it.
        ...indexes.map((index) => plan(index, 'concurrent', sizes)).filter(({ locks }) => locks.length > 0),
        ...unfilled.map(({ name }) => ({ name, kind: 'backfill' as const, locks: [] })),
      ];
    });
  } catch (error) {
    throw inWords(error);
  }
}

interface Size {
  readonly name: string;
  readonly rows: number | undefined;
  readonly bytes: number;
}

type Sizes = ReadonlyMap<string, Size>;

async function readSizes(connection: MigrationConnection, schema: string, names: readonly string[]): Promise<Sizes> {
  const rows = await connection.query<Size & { readonly rows: number }>(sql`
    select relname::text as name, reltuples as rows, pg_total_relation_size(pg_class.oid) as bytes
    from pg_catalog.pg_class join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
    where nspname = ${schema} and relname = any (${names}) and relkind in ('r', 'p')`);
  // PostgreSQL returns -1 for a table that was never analyzed.
  return new Map(rows.map((row) => [row.name, { ...row, rows: row.rows < 0 ? undefined : row.rows }]));
}

function plan(
  { name, locks, rewrites }: Pick<Step, 'name' | 'locks' | 'rewrites'>,
  kind: PlannedMigration['kind'],
  sizes: Sizes,
): PlannedMigration {
  const planned = locks.flatMap(({ table, mode }) => {
    const size = sizes.get(table);
    return size ? [{ table, mode, rows: size.rows, bytes: size.bytes }] : [];
  });
  const rows = rewrites.map((table) => sizes.get(table)?.rows);
  const isKnown = rows.length > 0 && rows.every((count) => count !== undefined);
  return {
    name,
    kind,
    locks: planned,
    seconds: isKnown ? rows.reduce((sum, count) => sum + count, 0) / pace : undefined,
  };
}
