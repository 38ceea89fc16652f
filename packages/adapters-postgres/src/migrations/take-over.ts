import { quoted } from '../identifiers.ts';
import { firstVersionSchema, firstVersionTable } from '../schema.ts';
import type { MigrationConnection } from '../sql.ts';
import { readTables } from './catalog.ts';
import { type FirstVersion, retireFirstVersion } from './first-version.ts';
import { MigrationError } from './migration-error.ts';
import {
  firstVersionMigrations,
  type MigrationFile,
  type PartFiles,
  readDirectory,
  takeOverDirectory,
} from './part.ts';
import { rewriteUsers } from './rewrite-users.ts';
import { recordNext, runNext } from './runner.ts';
import type { Step } from './step.ts';

/** The steps that turn the tables of the first version into those of the baselines. */
export interface TakeOver {
  readonly steps: readonly Step[];
  /** The parts whose first migration these steps record. */
  readonly parts: readonly string[];
}

/**
 * The migrations of the first version that it has not applied, then one step that changes its tables. Sessions, links,
 * keys, mails, audit and the rows of modules stay valid.
 */
export async function planTakeOver(
  connection: MigrationConnection,
  schema: string,
  parts: readonly PartFiles[],
  { applied }: FirstVersion,
): Promise<TakeOver> {
  const { files } = await readDirectory(firstVersionMigrations.directory);
  const missing = files.filter(({ name }) => !applied.includes(name));
  const runnable = { ...firstVersionMigrations, schema: firstVersionSchema, bookkeeping: firstVersionTable };
  const catchUp = missing.map((file) => ({
    ...describe(`${firstVersionMigrations.name}/${file.name}`, [file]),
    take: () => runNext(connection, runnable),
  }));
  const present: PartFiles[] = [];
  for (const part of parts.filter(({ wasInFirstVersion }) => wasInFirstVersion)) {
    // A server without a module may have dropped its tables.
    if ((await readTables(connection, schema, part.tables)).size > 0) present.push(part);
  }
  return {
    steps: [...catchUp, await changeTables(connection, schema, present)],
    parts: present.map(({ name }) => name),
  };
}

async function changeTables(
  connection: MigrationConnection,
  schema: string,
  parts: readonly PartFiles[],
): Promise<Step> {
  const { files } = await readDirectory(takeOverDirectory);
  const [beforeTheRows, ...afterTheRows] = files as [MigrationFile, ...MigrationFile[]];
  return {
    ...describe(`${firstVersionMigrations.name}/take-over`, files),
    async take() {
      await refuseIncomplete(connection, schema, parts);
      await connection.run(beforeTheRows.text);
      await rewriteUsers(connection, schema);
      for (const { text } of afterTheRows) await connection.run(text);
      for (const part of parts) await recordNext(connection, { ...part, schema });
      await retireFirstVersion(connection, schema);
    },
  };
}

function describe(name: string, files: readonly MigrationFile[]): Pick<Step, 'name' | 'locks' | 'rewrites'> {
  const locks = new Map(files.flatMap((file) => file.locks).map((lock) => [lock.table, lock]));
  return { name, locks: [...locks.values()], rewrites: [...new Set(files.flatMap((file) => file.rewrites))] };
}

/** The tables that the first version did not have. */
const newTables = ['closed_accounts', 'known_networks'];

/** @throws MigrationError when a table of the first version is missing */
async function refuseIncomplete(
  connection: MigrationConnection,
  schema: string,
  parts: readonly PartFiles[],
): Promise<void> {
  const before = parts.flatMap(({ tables }) => tables).filter((name) => !newTables.includes(name));
  const found = await readTables(connection, schema, before);
  const gone = before.filter((name) => !found.has(name));
  if (gone.length === 0) return;
  throw new MigrationError(
    `The schema ${quoted(schema)} lacks tables of the prototype: ${gone.join(', ')}. Nothing was changed.`,
  );
}
