/**
 * Restarts two nodes in turn behind a balancer, under load: no request fails, every node ends with 0, and acknowledged
 * data is there. At the end, a node is killed instead, and the load must notice: a load that cannot fail proves
 * nothing. `node scripts/rolling-restarts.mjs --rounds 50`
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { withCluster } from './cluster.mjs';
import { inWords, lostOf, startLoad } from './mixed-load.mjs';
import { withPostgres } from './postgres.mjs';
import { asking } from './requests.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '2' } } });
const rounds = Number(values.rounds);
/** Maximum number of kills until one hits a request in flight. */
const killings = 10;

await withPostgres((database) =>
  withCluster({ DATABASE_URL: database, RATE_LIMITS: 'off' }, ({ nodes, url }) => rollUnderLoad(nodes, url)),
);

async function rollUnderLoad(nodes, url) {
  // Over open connections, and over new ones.
  const load = await startLoad([asking(url), asking(url, { agent: false })]);
  const failures = () =>
    load.answers.filter(({ isGood }) => !isGood).map(({ what, status, title }) => `${what}: ${status} ${title}`);
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const name of nodes.names) {
        await delay(randomInt(1000));
        assert.equal(await nodes.stop(name), 0, `How node ${name} ended`);
        await nodes.start(name);
      }
    }
    const slowest = Math.max(...load.answers.map(({ ms }) => ms));
    console.log(
      `${rounds * nodes.names.length} restarts of 2 nodes under ${load.answers.length} requests: ` +
        `${failures().length} failed, the slowest took ${Math.round(slowest)} ms`,
    );
    assert.ok(load.answers.length > rounds * 100, 'The load did nothing');
    assert.deepEqual(failures(), []);
    await killUntilItShows(nodes, () => failures().length);
  } finally {
    await load.stop();
  }
  const lost = await lostOf(load.acknowledged, asking(url));
  console.log(`Acknowledged: ${inWords(load.acknowledged)}; ${lost.length} lost`);
  assert.deepEqual(lost, []);
}

async function killUntilItShows(nodes, failures) {
  for (let killed = 1; killed <= killings; killed += 1) {
    const name = nodes.names[killed % 2];
    await delay(randomInt(1000));
    await nodes.stop(name, 'SIGKILL');
    await nodes.start(name);
    if (failures() > 0) {
      return console.log(`${killed} of them killed instead: ${failures()} requests failed, as they must`);
    }
  }
  assert.fail(`No request failed although ${killings} nodes were killed: this load proves nothing`);
}
