import { setTimeout as delay } from 'node:timers/promises';
import type { MigrationConnection, Sql } from '../sql.ts';
import { inWords } from './migration-error.ts';
import { type Backfill, type MigrationPart, type PartFiles, readParts } from './part.ts';
import { inMigration } from './transaction.ts';

/** A backfill, and how many rows it has filled so far. */
export interface BackfillProgress {
  readonly name: string;
  readonly rows: number;
}

/**
 * Fills rows while the tables are in use, in batches, and returns the backfills that had any to fill. Each batch is a
 * transaction of its own, and is followed by a pause as long as it took. If it is interrupted, the next call continues.
 *
 * @param tell is called after each batch
 * @throws MigrationError a sentence for the operator | SallyportError `unavailable`
 */
export async function runBackfills(
  database: Sql,
  parts: readonly MigrationPart[] = [],
  tell: (progress: BackfillProgress) => void = () => {},
): Promise<readonly BackfillProgress[]> {
  const { schema } = database;
  const filled: BackfillProgress[] = [];
  try {
    for (const backfill of backfillsOf(await readParts(parts))) {
      const rows = await database.migrating((connection) => fill(connection, schema, backfill, tell));
      if (rows > 0) filled.push({ name: backfill.name, rows });
    }
  } catch (error) {
    throw inWords(error);
  }
  return filled;
}

/** Fills all rows in the caller's transaction, if no other connection can use the tables. */
export async function fillOffline(connection: MigrationConnection, parts: readonly PartFiles[]): Promise<void> {
  for (const { statement } of backfillsOf(parts)) while ((await connection.run(statement)).length > 0);
}

/** The backfills that would fill at least one row. It tries each of them, and takes the change back. */
export async function readUnfilled(
  connection: MigrationConnection,
  schema: string,
  parts: readonly PartFiles[],
): Promise<readonly Backfill[]> {
  const unfilled: Backfill[] = [];
  for (const backfill of backfillsOf(parts)) {
    const undo = new Error('Taken back');
    let rows = 0;
    await inMigration(connection, schema, async () => {
      rows = (await connection.run(backfill.statement)).length;
      throw undo;
    }).catch((error: unknown) => {
      if (error !== undo) throw error;
    });
    if (rows > 0) unfilled.push(backfill);
  }
  return unfilled;
}

const backfillsOf = (parts: readonly PartFiles[]) => parts.flatMap(({ backfills }) => backfills);

async function fill(
  connection: MigrationConnection,
  schema: string,
  { name, statement }: Backfill,
  tell: (progress: BackfillProgress) => void,
): Promise<number> {
  for (let rows = 0; ;) {
    const started = performance.now();
    const filled = await inMigration(connection, schema, () => connection.run(statement));
    rows += filled.length;
    if (filled.length === 0) return rows;
    tell({ name, rows });
    await delay(performance.now() - started);
  }
}
