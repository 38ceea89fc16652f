/**
 * Two nodes behind haproxy, with Redis and Postgres, under load: each part fails in turn, and clients see what
 * docs/operations.md says, no more. Nothing acknowledged is lost. `node scripts/cluster-outages.mjs --rounds 10`
 */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { withCluster } from './cluster.mjs';
import { inWords, lostOf, startLoad, tally } from './mixed-load.mjs';
import { logIn, newAddress, newEmail } from './people.mjs';
import { withStoppablePostgres } from './postgres.mjs';
import { withRedis } from './redis.mjs';
import { asking } from './requests.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '1' } } });

/** Failed logins that one address may try on an account, where all nodes count together. */
const attempts = 3;

/** What happens to each part. The result tells which failed answers are as documented. */
const failures = {
  async 'a node is killed'({ nodes }) {
    const killed = performance.now();
    await nodes.stop('a', 'SIGKILL');
    const gone = performance.now();
    await delay(3000);
    await nodes.start('a');
    // It was in flight, or haproxy sent it before it noticed that the connection was closed.
    return ({ status, at, ms }) => [502, 'ECONNRESET'].includes(status) && at <= gone + 200 && at + ms >= killed;
  },
  async 'Redis is killed'({ redis, url }) {
    assert.equal(await guesses(url), attempts, 'The nodes count together');
    await redis.kill();
    const alone = await guesses(url);
    assert.ok(alone >= attempts && alone <= 2 * attempts, `The nodes count alone: ${alone} attempts`);
    await redis.start();
    await delay(1500);
    assert.equal(await guesses(url), attempts, 'The nodes count together again');
    return () => false;
  },
  async 'haproxy is told to read its configuration again'({ balancer, nodes }) {
    balancer.reload();
    await delay(1500);
    for (const name of nodes.names) assert.ok(await balancer.isUp(name), `Node ${name} is up`);
    return () => false;
  },
  async 'haproxy is restarted'({ balancer }) {
    const stopped = performance.now();
    await balancer.stop();
    balancer.start();
    await delay(1000);
    const started = stopped + 1000;
    return ({ status, at }) => ['ECONNREFUSED', 'ECONNRESET'].includes(status) && at < started;
  },
  async 'Postgres is restarted'({ postgres }) {
    await postgres.stop('SIGINT');
    await delay(1000);
    await postgres.start();
    const started = performance.now();
    await delay(6000);
    return ({ status, at }) => status === 503 && at < started + 5000;
  },
};

await withStoppablePostgres((postgres) =>
  withRedis((redis) => {
    const environment = {
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      LOGIN_RATE_LIMIT: `${attempts}/hour`,
    };
    return withCluster(environment, (cluster) => failInTurn({ ...cluster, postgres, redis }));
  }),
);

async function failInTurn(parts) {
  const load = await startLoad([clientOf(asking(parts.url)), clientOf(asking(parts.url, { agent: false }))]);
  try {
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const [what, fail] of Object.entries(failures)) {
        await delay(500);
        const from = load.answers.length;
        const judge = await fail(parts);
        // An answer is recorded once it is there, within three seconds.
        await delay(500);
        report(what, load.answers.slice(from), judge);
      }
    }
  } finally {
    await load.stop();
  }
  const lost = await lostOf(load.acknowledged, clientOf(asking(parts.url)));
  console.log(`Acknowledged: ${inWords(load.acknowledged)}; ${lost.length} lost`);
  assert.deepEqual(lost, []);
}

/** Accounts are made and logged into from a new address each time, as limits hold by address. */
function clientOf(ask) {
  const own = newAddress();
  return (route, options) => {
    const headers = /register|login/.test(route) ? newAddress() : own;
    return ask(route, { ...options, headers });
  };
}

/** The number of wrong passwords that both nodes accept from one address, until they refuse to check more. */
async function guesses(url) {
  const ask = asking(url, { agent: false });
  const [email, address] = [newEmail(), newAddress()];
  for (let count = 0; ; count += 1) {
    const { status } = await logIn(ask, email, 'wrong-1', address);
    if (status !== 401) return count;
  }
}

function report(what, answers, isDocumented) {
  const failed = answers.filter(({ isGood }) => !isGood);
  const slowest = Math.max(...answers.map(({ ms }) => ms));
  const told = failed.length > 0 ? `, failed ${tally(failed)}` : '';
  console.log(`While ${what}: ${answers.length} requests${told}; the slowest took ${Math.round(slowest)} ms`);
  assert.deepEqual(failed.filter((answer) => !isDocumented(answer)).slice(0, 5), []);
  assert.ok(answers.length > 20, 'The load did nothing');
}
