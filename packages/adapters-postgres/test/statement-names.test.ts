import sql, { type Sql as Statement } from 'sql-template-tag';
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';

let url: string;
beforeAll(async () => {
  ({ url } = await createDatabase());
});

const a = sql`select ${'x'}::text as a`;
const b = sql`select ${'x'}::text as b`;
const c = sql`select ${'x'}::text as c`;

interface Prepared {
  readonly name: string;
  readonly statement: string;
}

/** What a connection keeps prepared after a process of its own, as far as modules go, ran these statements on it. */
async function preparedBy(statements: readonly Statement[]): Promise<readonly Prepared[]> {
  vi.resetModules();
  const { openPg } = await import('../src/index.ts');
  const database = openPg(url, { maxConnections: 1 });
  onTestFinished(() => database.close());
  for (const statement of statements) await database.query(statement);
  const prepared = await database.query<Prepared>(
    sql`select name, statement from pg_prepared_statements order by prepare_time`,
  );
  return prepared.filter(({ statement }) => !statement.includes('pg_prepared_statements'));
}

// A pooler in transaction mode has processes share connections, and the server looks at the name alone.
it('gives a statement the same name in every process, and never the name of another statement', async () => {
  const prepared = [...(await preparedBy([a, b])), ...(await preparedBy([c, b, a]))];
  expect(prepared.map(({ statement }) => statement)).toHaveLength(5);
  const names = new Map<string, Set<string>>();
  for (const { name, statement } of prepared) names.set(name, (names.get(name) ?? new Set()).add(statement));
  expect([...names.values()].map((texts) => [...texts])).toEqual([[a.text], [b.text], [c.text]]);
});
