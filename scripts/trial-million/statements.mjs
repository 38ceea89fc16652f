import pg from 'pg';

/** The same database, which also reports each statement to `listen`. */
export function listening(database, listen) {
  const heard = (queries) =>
    new Proxy(queries, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name === 'transaction') return (work) => target.transaction((inner) => work(heard(inner)));
        if (name !== 'query' && name !== 'send') return value.bind(target);
        return (statement) => {
          listen(statement);
          return target[name](statement);
        };
      },
    });
  return heard(database);
}

/**
 * How Postgres executes a prepared statement the seventh time, when it may have stopped planning for the values, and
 * how many pages of tables and indexes it looks at. What the statement changes is taken back. `undefined` if the
 * statement cannot run twice.
 *
 * @param {import('pg').Client} client
 * @param {{ text: string, values: readonly unknown[] }} statement
 */
export async function explain(client, { text, values }) {
  const literals = values.map(literal).join();
  const execute = literals ? `execute trial(${literals})` : 'execute trial';
  await client.query(`begin; set local jit to off; prepare trial as ${text}; savepoint before`);
  try {
    for (let times = 1; times < 7; times += 1) await client.query(`${execute}; rollback to before`);
    const { rows } = await client.query(`explain (analyze, buffers) ${execute}`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    return { plan, pages: pagesOf(plan) };
  } catch {
    return undefined;
  } finally {
    await client.query('rollback; deallocate all');
  }
}

/** The first line of buffers is that of the whole statement. */
function pagesOf(plan) {
  const [line = ''] = /Buffers: shared.*/.exec(plan) ?? [];
  return [...line.matchAll(/(?:hit|read)=(\d+)/g)].reduce((sum, [, pages]) => sum + Number(pages), 0);
}

function literal(value) {
  if (value === undefined || value === null) return 'null';
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString());
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.map((one) => JSON.stringify(one)).join()}}`);
  return typeof value === 'string' ? pg.escapeLiteral(value) : String(value);
}
