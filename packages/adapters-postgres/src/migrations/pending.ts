import sql from 'sql-template-tag';
import { qualified, quoted } from '../identifiers.ts';
import type { MigrationConnection } from '../sql.ts';
import { readAccess, readTables, type Table } from './catalog.ts';
import { type FirstVersion, readFirstVersion, retireFirstVersion } from './first-version.ts';
import { MigrationError } from './migration-error.ts';
import { coreMigrations, type PartFiles } from './part.ts';
import { refuseUnlessMayMigrate, refuseUnlessMayServe } from './privileges.ts';
import { runNext } from './runner.ts';
import type { Step } from './step.ts';
import { planTakeOver, type TakeOver } from './take-over.ts';

/** What a schema lacks. */
export interface Pending {
  readonly schemaExists: boolean;
  /** Whether nodes of the first version may be at work on it. */
  readonly isOfFirstVersion: boolean;
  /** The transactional migrations that are not applied yet, in order. */
  readonly steps: readonly Step[];
}

type Tables = ReadonlyMap<string, Table>;

/**
 * Finds the transactional migrations that a schema lacks. It only reads, and locks nothing.
 *
 * @throws MigrationError when they cannot be applied, or when nothing is pending and the role may not use the tables
 */
export async function readPending(
  connection: MigrationConnection,
  schema: string,
  parts: readonly PartFiles[],
): Promise<Pending> {
  const access = await readAccess(connection, schema);
  const bookkeeping = new Set(parts.map((part) => part.bookkeeping));
  const tables = await readTables(connection, schema, [...bookkeeping, ...parts.flatMap((part) => part.tables)]);
  const isHidden = ({ name, mayRead }: Table) => bookkeeping.has(name) && !(access.mayUse && mayRead);
  if ([...tables.values()].some(isHidden)) refuseUnlessMayServe(schema, access, tables.values(), bookkeeping);
  const isEmpty = parts.some((part) => part.name === coreMigrations.name && !tables.has(part.bookkeeping));
  const firstVersion = isEmpty ? await readFirstVersion(connection, schema) : undefined;
  const steps = await pendingSteps(connection, schema, parts, tables, firstVersion);
  if (steps.length === 0) refuseUnlessMayServe(schema, access, tables.values(), bookkeeping);
  else refuseUnlessMayMigrate(schema, access, tables.values());
  return { schemaExists: access.schemaExists, isOfFirstVersion: firstVersion !== undefined, steps };
}

async function pendingSteps(
  connection: MigrationConnection,
  schema: string,
  parts: readonly PartFiles[],
  tables: Tables,
  firstVersion: FirstVersion | undefined,
): Promise<readonly Step[]> {
  const takeOver: TakeOver | undefined = firstVersion?.hasTables
    ? await planTakeOver(connection, schema, parts, firstVersion)
    : undefined;
  const retirement: Step = {
    name: 'first-version/retire',
    locks: [],
    rewrites: [],
    take: () => retireFirstVersion(connection, schema),
  };
  const steps = [...(takeOver?.steps ?? (firstVersion ? [retirement] : []))];
  for (const part of parts) {
    const applied = await readApplied(connection, schema, part, tables, takeOver);
    const missing = part.files.filter(({ name }) => !applied.includes(name));
    for (const { name, locks, rewrites } of missing) {
      const take = () => runNext(connection, { ...part, schema });
      steps.push({ name: `${part.name}/${name}`, locks, rewrites, take });
    }
  }
  return steps;
}

/** The names of the migrations that a part has applied, or will have once the first version is taken over. */
async function readApplied(
  connection: MigrationConnection,
  schema: string,
  part: PartFiles,
  tables: Tables,
  takeOver: TakeOver | undefined,
): Promise<readonly (string | undefined)[]> {
  if (tables.has(part.bookkeeping)) {
    const rows = await connection.query<{ readonly name: string }>(
      sql`select name from ${qualified(schema, part.bookkeeping)}`,
    );
    return rows.map(({ name }) => name);
  }
  if (takeOver?.parts.includes(part.name)) return [part.files[0]?.name];
  const inTheWay = part.tables.find((name) => tables.has(name));
  if (inTheWay === undefined) return [];
  throw new MigrationError(
    `The schema ${quoted(schema)} has a table ${quoted(inTheWay)} of another application. ` +
      'Set DATABASE_SCHEMA or the option schema to another name. That schema need not exist.',
  );
}
