/**
 * Kills the primary under two busy nodes and promotes its standby. Meanwhile the only failures are 503, and from two
 * seconds after the promotion there are none. With synchronous replication, nothing acknowledged is lost, and the former
 * primary, which comes back and accepts writes, acknowledges none. `node scripts/failover.mjs --replication asynchronous`
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { until } from './haproxy.mjs';
import { inWords, lostOf, startLoad, tally } from './mixed-load.mjs';
import { bootstrap } from './people.mjs';
import { withStandby } from './postgres.mjs';
import { asking } from './requests.mjs';
import { addressIn, startServer, stopServer } from './running-server.mjs';

const { values } = parseArgs({
  options: { replication: { type: 'string', default: 'synchronous' }, seconds: { type: 'string', default: '3' } },
});
assert.ok(['synchronous', 'asynchronous'].includes(values.replication), '--replication is (a)synchronous');
const isSynchronous = values.replication === 'synchronous';
/** Milliseconds without a primary, and of load before and after. */
const outage = Number(values.seconds) * 1000;

/** Milliseconds from the order to promote on in which requests may still fail. */
const grace = 2000;

const folder = mkdtempSync(join(tmpdir(), 'sallyport-failover-'));
try {
  await withStandby(async (primary, standby) => {
    if (isSynchronous) await replicateSynchronously(primary.url);
    const nodes = [start(primary, standby), start(primary, standby)];
    try {
      const ways = (await Promise.all(nodes.map(addressIn))).map((url) => asking(url));
      await failOver(ways, primary, standby);
      await comeBack(primary, ways[0]);
      for (const node of nodes) assert.equal(node.exitCode, null, 'A node ended');
    } finally {
      await Promise.all(nodes.map((node) => stopServer(node, 'SIGKILL')));
    }
  });
} finally {
  rmSync(folder, { recursive: true });
}

/** A node that knows both hosts. They have the same user, password and database. */
function start(primary, standby) {
  const { host } = new URL(standby.url);
  return startServer(folder, {
    DATABASE_URL: primary.url.replace(/@([^/]+)/, `@$1,${host}`),
    SECRET_KEY: 'a secret key for a failover, long enough',
    RATE_LIMITS: 'off',
    ...bootstrap,
  });
}

/** From now on, the primary acknowledges what the standby has. */
async function replicateSynchronously(url) {
  await on(url, `alter system set synchronous_standby_names = '*'`);
  await on(url, 'select pg_reload_conf()');
  const isSynced = async () =>
    (await on(url, `select from pg_stat_replication where sync_state = 'sync'`)).rowCount === 1;
  await until(isSynced, 10, 'The standby is synchronous');
}

async function on(url, statement, settings = {}) {
  const client = new pg.Client({ connectionString: url, ...settings });
  client.on('error', () => {});
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}

async function failOver(ways, primary, standby) {
  const load = await startLoad(ways);
  const times = {};
  try {
    await delay(outage);
    times.killed = performance.now();
    await primary.stop('SIGKILL');
    await delay(outage);
    times.promoted = performance.now();
    await standby.promote();
    await delay(grace + outage);
  } finally {
    await load.stop();
  }
  judge(load.answers, times);
  const lost = await lostOf(load.acknowledged, ways[1]);
  console.log(`Acknowledged: ${inWords(load.acknowledged)}; ${lost.length} lost by ${values.replication} replication`);
  if (isSynchronous) assert.deepEqual(lost, []);
}

function judge(answers, { killed, promoted }) {
  const before = answers.filter(({ at, ms }) => at + ms < killed);
  const during = answers.filter(({ at, ms }) => at + ms >= killed && at < promoted);
  const after = answers.filter(({ at }) => at >= promoted);
  const failed = answers.filter(({ at, ms, isGood }) => !isGood && at + ms >= promoted);
  const served = Math.max(0, ...failed.map(({ at, ms }) => at + ms - promoted));
  const slowest = Math.max(...during.map(({ ms }) => ms));
  console.log(`Before the kill of the primary: ${tally(before)}`);
  console.log(
    `Without a primary, ${Math.round(promoted - killed)} ms: ${tally(during)}; the slowest took ${Math.round(slowest)} ms`,
  );
  console.log(`After the promotion: ${tally(after)}; the last failure after ${Math.round(served)} ms`);
  const broken = [
    ...before.filter(({ isGood }) => !isGood),
    ...[...during, ...after].filter(({ isGood, status }) => !isGood && status !== 503),
    ...failed.filter(({ at }) => at >= promoted + grace),
  ];
  assert.deepEqual(broken, []);
  assert.ok(
    [before, during, after].every(({ length }) => length > 20),
    'The load did nothing',
  );
}

/** The former primary comes back as if nothing had happened: it accepts writes, and no node uses it. */
async function comeBack(former, ask) {
  await former.start();
  const accounts = async () => (await on(former.url, 'select count(*)::int from sallyport.users')).rows[0].count;
  const known = await accounts();
  const write = on(former.url, `insert into sallyport.closed_accounts values (2147483647, now())`, {
    query_timeout: 1500,
  });
  const acknowledged = await write.then(
    () => true,
    () => false,
  );
  const load = await startLoad([ask]);
  await delay(1000);
  await load.stop();
  assert.deepEqual(
    load.answers.filter(({ isGood }) => !isGood),
    [],
  );
  assert.equal(await accounts(), known, 'A node wrote to the former primary');
  console.log(
    `The former primary is back: ${acknowledged ? 'it acknowledges writes, but' : 'it acknowledges no write, and'} no node uses it`,
  );
  assert.equal(acknowledged, !isSynchronous);
}
