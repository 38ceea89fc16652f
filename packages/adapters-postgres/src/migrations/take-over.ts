import { quoted } from '../identifiers.ts';
import { firstVersionSchema, firstVersionTable } from '../schema.ts';
import type { MigrationConnection } from '../sql.ts';
import { readTables } from './catalog.ts';
import { type FirstVersion, retireFirstVersion } from './first-version.ts';
import { MigrationError } from './migration-error.ts';
import {
  coreMigrations,
  firstVersionMigrations,
  type MigrationFile,
  type PartFiles,
  postsMigrations,
  readDirectory,
  readPart,
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
 * keys, mails, audit and posts stay valid.
 */
export async function planTakeOver(
  connection: MigrationConnection,
  schema: string,
  { applied }: FirstVersion,
): Promise<TakeOver> {
  const { files } = await readDirectory(firstVersionMigrations.directory);
  const missing = files.filter(({ name }) => !applied.includes(name));
  const runnable = { ...firstVersionMigrations, schema: firstVersionSchema, bookkeeping: firstVersionTable };
  const catchUp = missing.map((file) => ({
    ...describe(`${firstVersionMigrations.name}/${file.name}`, [file]),
    take: () => runNext(connection, runnable),
  }));
  const core = await readPart(coreMigrations);
  const posts = await readPart(postsMigrations);
  // A server without posts may have dropped their table.
  const hasPosts = (await readTables(connection, schema, posts.tables)).size > 0;
  const parts = hasPosts ? [core, posts] : [core];
  return {
    steps: [...catchUp, await changeTables(connection, schema, core, parts)],
    parts: parts.map(({ name }) => name),
  };
}

async function changeTables(
  connection: MigrationConnection,
  schema: string,
  core: PartFiles,
  parts: readonly PartFiles[],
): Promise<Step> {
  const { files } = await readDirectory(takeOverDirectory);
  const changes = files.filter(({ name }) => parts.some((part) => name.startsWith(part.name)));
  const [beforeTheRows, ...afterTheRows] = changes as [MigrationFile, ...MigrationFile[]];
  return {
    ...describe(`${firstVersionMigrations.name}/take-over`, changes),
    async take() {
      await refuseIncomplete(connection, schema, core);
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

/** @throws MigrationError when a table of the first version is missing */
async function refuseIncomplete(connection: MigrationConnection, schema: string, core: PartFiles): Promise<void> {
  const before = core.tables.filter((name) => name !== 'closed_accounts');
  const found = await readTables(connection, schema, before);
  const gone = before.filter((name) => !found.has(name));
  if (gone.length === 0) return;
  throw new MigrationError(
    `The schema ${quoted(schema)} lacks tables of the first version: ${gone.join(', ')}. Nothing was changed.`,
  );
}
