/**
 * Restarts two nodes in turn behind a balancer, under load: no request fails, every node ends with 0, and acknowledged
 * data is there. At the end, a node is killed instead, and the load must notice: a load that cannot fail proves
 * nothing. `node scripts/rolling-restarts.mjs --rounds 50`
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freePort } from '../test/free-port.mjs';
import { until, withHaproxy } from './haproxy.mjs';
import { bootstrap, listAccounts, listAll, logIn, newEmail, post, register } from './people.mjs';
import { withPostgres } from './postgres.mjs';
import { asking } from './requests.mjs';
import { addressIn, startServer, stopServer } from './running-server.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '2' } } });
const rounds = Number(values.rounds);
/** Maximum number of kills until one hits a request in flight. */
const killings = 10;

const folder = mkdtempSync(join(tmpdir(), 'sallyport-rolling-'));
try {
  await withPostgres(async (database) => {
    const ports = { balancer: await freePort(), a: await freePort(), b: await freePort() };
    await withHaproxy(folder, ports, async (isUp) => {
      const nodes = cluster(database, ports, isUp);
      try {
        await rollUnderLoad(nodes, `http://127.0.0.1:${ports.balancer}`);
      } finally {
        await nodes.stopAll();
      }
    });
  });
} finally {
  rmSync(folder, { recursive: true });
}

/** Two nodes that can be restarted by any signal. */
function cluster(database, ports, isUp) {
  const nodes = new Map();
  const start = async (name) => {
    const node = startServer(folder, {
      DATABASE_URL: database,
      SECRET_KEY: 'a secret key for two nodes, long enough',
      PORT: String(ports[name]),
      PUBLIC_URL: `http://127.0.0.1:${ports.balancer}`,
      TRUST_PROXY: '127.0.0.1',
      RATE_LIMITS: 'off',
      ...bootstrap,
    });
    nodes.set(name, node);
    await addressIn(node);
    await until(() => isUp(name), 30, `Node ${name} is up`);
  };
  return {
    names: ['a', 'b'],
    start,
    stop: (name, signal) => stopServer(nodes.get(name), signal),
    stopAll: () => Promise.all([...nodes.values()].map((node) => stopServer(node, 'SIGKILL'))),
  };
}

async function rollUnderLoad(nodes, url) {
  await Promise.all(nodes.names.map(nodes.start));
  const load = await startLoad(url);
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const name of nodes.names) {
        await delay(randomInt(1000));
        assert.equal(await nodes.stop(name), 0, `How node ${name} ended`);
        await nodes.start(name);
      }
    }
    const { requests, failures, slowest } = load.soFar();
    console.log(
      `${rounds * nodes.names.length} restarts of 2 nodes under ${requests} requests: ${failures.length} failed, ` +
        `the slowest took ${Math.round(slowest)} ms`,
    );
    assert.ok(requests > rounds * 100, 'The load did nothing');
    assert.deepEqual(failures, []);
    await killUntilItShows(nodes, () => load.soFar().failures.length);
  } finally {
    await load.stop();
  }
  const lost = await lostOf(load.acknowledged, asking(url));
  const { registrations, logins, posts } = load.acknowledged;
  console.log(
    `Acknowledged: ${registrations.length} registrations, ${logins.length} logins, ${posts.length} posts; ` +
      `${lost.length} lost`,
  );
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

/** Reads, logins, registrations and posts, over open connections and over new ones. */
async function startLoad(url) {
  const [kept, fresh] = [asking(url), asking(url, { agent: false })];
  const email = newEmail();
  assert.equal((await register(kept, email)).status, 201);
  const { access_token: token } = (await logIn(kept, email)).body;
  const acknowledged = { registrations: [email], logins: [token], posts: [], token };
  const failures = [];
  const over = new AbortController();
  let [requests, slowest] = [0, 0];

  const acts = {
    'a read': [200, (ask) => ask('GET /users/me', { token }), () => {}],
    'a list': [200, (ask) => ask('GET /posts'), () => {}],
    // Each login uses a new account, because the number of sessions of an account is limited.
    'a login': [
      200,
      (ask) => logIn(ask, acknowledged.registrations.at(-1)),
      (body) => acknowledged.logins.push(body.access_token),
    ],
    'a registration': [201, (ask) => register(ask, newEmail()), (body) => acknowledged.registrations.push(body.email)],
    'a post': [201, (ask) => ask('POST /posts', { json: post, token }), (body) => acknowledged.posts.push(body.id)],
  };
  const go = async (ask, what) => {
    const [wanted, act, keep] = acts[what];
    while (!over.signal.aborted) {
      requests += 1;
      const answer = await act(ask).catch((error) => ({ status: error.code ?? error.message, ms: 0 }));
      slowest = Math.max(slowest, answer.ms);
      if (answer.status === wanted) keep(answer.body);
      else failures.push(`${what}: ${answer.status} ${answer.body?.title ?? answer.body ?? ''}`);
      await delay(randomInt(20, 60));
    }
  };
  const loops = [kept, fresh].flatMap((ask) => Object.keys(acts).map((what) => go(ask, what)));
  return {
    acknowledged,
    soFar: () => ({ requests, failures: [...failures], slowest }),
    async stop() {
      over.abort();
      await Promise.all(loops);
    },
  };
}

/** Acknowledged data that is missing. */
async function lostOf({ registrations, logins, posts, token }, ask) {
  const accounts = await listAccounts(ask);
  const written = new Set((await listAll(ask, '/posts/my?limit=100', token)).map(({ id }) => id));
  const lost = [...registrations.filter((email) => !accounts.has(email)), ...posts.filter((id) => !written.has(id))];
  for (const opened of logins) {
    const { status } = await ask('GET /users/me', { token: opened });
    if (status !== 200) lost.push(`a login: ${status}`);
  }
  return lost;
}
