import { hash } from 'node:crypto';
import type { PgClient } from './pg-pool.ts';
import { valueTypes } from './pg-values.ts';
import { fromDriver, SqlError } from './sql-error.ts';
import type { Statement } from './sql.ts';

/** Runs a statement, and returns its rows. It is prepared only if the next one runs in the same session. */
export async function run<Row>(
  client: PgClient,
  { text, values }: Statement,
  prepares: boolean,
): Promise<readonly Row[]> {
  const query = { ...(prepares && { name: nameOf(text) }), text, values: [...values], types: valueTypes };
  return rowsOf(await client.query(query).catch(rethrow)) as Row[];
}

/** Runs commands that return nothing, such as `begin`. */
export async function control(client: PgClient, command: string): Promise<void> {
  await client.query({ text: command }).catch(rethrow);
}

/**
 * Commits. If a statement of the transaction failed, PostgreSQL rolls back instead, and tells so by the tag alone.
 *
 * @throws SqlError | SallyportError `unavailable`
 */
export async function commit(client: PgClient): Promise<void> {
  const [result] = [await client.query({ text: 'commit' }).catch(rethrow)].flat();
  if (result?.command === 'COMMIT') return;
  throw new SqlError('25P02', 'A statement failed that was not awaited, so the transaction was rolled back');
}

/** @throws SqlError | SallyportError `unavailable` */
export function rethrow(error: unknown): never {
  throw fromDriver(error);
}

/** The rows of a result, or of the last of several results. */
export function rowsOf(result: Awaited<ReturnType<PgClient['query']>>): readonly unknown[] {
  const last = Array.isArray(result) ? result.at(-1) : result;
  return last?.rows ?? [];
}

/**
 * Named statements are planned once for each connection. The name is a hash of the text, in 43 of the 63 bytes that
 * PostgreSQL reads. If connections share a session unnoticed, its server runs the statement that it knows by the name,
 * whatever its text. There are few texts: values are never part of them.
 */
function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = hash('sha256', text, 'base64url');
  names.set(text, name);
  return name;
}

const names = new Map<string, string>();
