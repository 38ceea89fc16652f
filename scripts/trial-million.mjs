/**
 * Fills a real Postgres with a million members, sessions and posts and two million audit entries, beside a schema with a
 * thousand of each. Then it measures every list with every combination of its filters, every look-up, login, refresh and
 * every purge on both, by turns. It prints the times, the pages that were looked at, and the plan of each
 * statement that is slower in the large schema. `--rows 100000` fills fewer, `--only users` measures one group, `--repeat 31` says how often, `--all` prints
 * every row.
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { openPg, postgresStore } from '@sallyport/adapters-postgres';
import { postgresPosts } from '@sallyport/adapters-postgres/posts';
import pg from 'pg';
import { withPostgres } from './postgres.mjs';
import { callsOf } from './trial-million/calls.mjs';
import { fill, people } from './trial-million/fill.mjs';
import { explain, listening } from './trial-million/statements.mjs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    repeat: { type: 'string', default: '31' },
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
  },
});
const [few, many, repeat] = [1000, Number(values.rows), Number(values.repeat)];
assert.ok(many > few && repeat > 0, '--rows must be above 1000, --repeat above 0');

/** Executions before the measured ones: Postgres plans a statement for its values five times. */
const warmUp = 6;
/** Ratios up to this one are as good as equal; the plans of those above the other one are printed. */
const [equal, slow] = [1.1, 1.5];

await withPostgres(async (url) => {
  const schemas = [];
  for (const rows of [few, many]) schemas.push(await open(url, rows));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const group of Object.keys(schemas[0].calls)) {
      if (values.only === undefined || values.only === group) await measureGroup(schemas, group, client);
    }
  } finally {
    await client.end();
    for (const { sql } of schemas) await sql.close();
  }
});

async function open(url, rows) {
  const started = performance.now();
  const schema = await fill(url, rows);
  console.log(`${schema}: ready after ${((performance.now() - started) / 1000).toFixed()} s`);
  const heard = [];
  const sql = openPg(url, { schema });
  const listened = listening(sql, (statement) => heard.push(statement));
  const store = postgresStore(listened, [postgresPosts]);
  const facts = await factsOf(sql);
  return { sql, heard, calls: await callsOf({ store, sql: listened, rows, facts }) };
}

/** Values of this schema that its calls ask for. */
async function factsOf(sql) {
  const [facts] = await sql.query({
    text: `select users.email, sessions.id as "sessionId", digest, network,
        (select transaction_id || '-' || id from ${sql.schema}.audit order by transaction_id desc, id desc limit 1) as latest
      from ${sql.schema}.users, ${sql.schema}.sessions, ${sql.schema}.one_time_tokens, ${sql.schema}.known_networks
      where users.id = $1 and one_time_tokens.expires_at > now() + interval '1 hour' limit 1`,
    values: [people.ordinary],
  });
  return facts;
}

async function measureGroup(schemas, group, client) {
  const results = [];
  for (const what of schemas[0].calls[group].keys()) {
    const calls = schemas.map((schema) => schema.calls[group].get(what));
    const explained = [];
    for (const [index, call] of calls.entries()) explained.push(await explainCall(schemas[index].heard, call, client));
    results.push({ what, ...(await measure(calls)), explained });
  }
  report(group, results);
}

/** The statements of a call, with their plans. */
async function explainCall(heard, call, client) {
  heard.length = 0;
  await call();
  const explained = [];
  for (const statement of heard.slice()) {
    explained.push({ text: statement.text, ...(await explain(client, statement)) });
  }
  return explained;
}

function report(group, results) {
  const ratios = results.map(({ ratio }) => ratio).toSorted((a, b) => a - b);
  const at = (share) => ratios[Math.floor(share * (ratios.length - 1))].toFixed(2);
  console.log(`\n${group}: ${results.length} calls, ratio ${at(0.5)} (median), ${at(0.9)} (p90), ${at(1)} (worst)`);
  console.log(`${'ms'.padStart(17)}${'ratio'.padStart(8)}${'pages'.padStart(16)}${'rows'.padStart(10)}`);
  const shown = results.filter(({ ratio }) => values.all || results.length < 30 || ratio > equal);
  for (const { what, times, ratio, explained, rows } of shown.toSorted((a, b) => b.ratio - a.ratio)) {
    const ms = times.map((one) => one.toFixed(2).padStart(8)).join(' ');
    const pages = explained.map(pagesOf).join('/');
    console.log(`${ms} ${ratio.toFixed(2).padStart(7)} ${pages.padStart(15)} ${rows.join('/').padStart(9)}  ${what}`);
  }
  for (const { what, explained } of results.filter(({ ratio }) => ratio > slow)) {
    for (const { text, plan } of explained[1]) console.log(`\n${group}: ${what}\n${text}\n${plan}`);
  }
}

/** Pages that the statements of a call look at; a statement that cannot run twice counts nothing. */
function pagesOf(explained) {
  return explained.reduce((sum, { pages = 0 }) => sum + pages, 0);
}

/** Measures a call in both schemas by turns; longer if they seem to differ. */
async function measure(calls) {
  const times = calls.map(() => []);
  const rows = calls.map(() => 0);
  const round = async (isMeasured) => {
    for (const [index, call] of calls.entries()) {
      const started = performance.now();
      const result = await call();
      if (isMeasured) times[index].push(performance.now() - started);
      rows[index] = typeof result === 'number' ? result : (result?.length ?? Number(Boolean(result)));
    }
  };
  for (let n = 0; n < warmUp; n += 1) await round(false);
  for (let n = 0; n < repeat || (n < 3 * repeat && ratioOf(times) > equal); n += 1) await round(true);
  return { rows, times: times.map(typical), ratio: ratioOf(times) };
}

/** The median of the faster half: other work on the machine delays the others. */
function typical(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 4)];
}

function ratioOf([small, large]) {
  return typical(large) / typical(small);
}
