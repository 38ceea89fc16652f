/**
 * Stops the database under a busy server, first gracefully and then by a kill, and starts it again. Meanwhile every
 * request is refused temporarily and in time, no client is blamed, no failed login is counted and nothing acknowledged
 * is lost. The same process serves again afterwards. `node scripts/database-outage.mjs --seconds 10`
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { tally } from './mixed-load.mjs';
import { bootstrap, listAccounts, listAll, logIn, newAddress, newEmail, post, register } from './people.mjs';
import { withStoppablePostgres } from './postgres.mjs';
import { asking } from './requests.mjs';
import { addressIn, startServer, stopServer } from './running-server.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } });
const seconds = Number(values.seconds);
// A refresh whose answer is lost can be repeated within 30 seconds, so a longer outage may end a session.
assert.ok(seconds > 0 && seconds <= 20, '--seconds must be from 1 to 20');

const folder = mkdtempSync(join(tmpdir(), 'sallyport-outage-'));
try {
  for (const signal of ['SIGINT', 'SIGKILL']) await withStoppablePostgres((postgres) => takeAway(postgres, signal));
} finally {
  rmSync(folder, { recursive: true });
}

async function takeAway(postgres, signal) {
  const server = startServer(folder, {
    DATABASE_URL: postgres.url,
    SECRET_KEY: 'a secret key for an outage, long enough',
    TRUST_PROXY: '127.0.0.1',
    ...bootstrap,
  });
  try {
    const ask = asking(await addressIn(server));
    const load = await startLoad(ask);
    await delay(3000);
    load.enter('going');
    await postgres.stop(signal);
    load.enter('out');
    const guessing = guessWhile(ask, load);
    await delay(seconds * 1000);
    load.enter('coming back');
    await guessing;
    await postgres.start();
    await delay(2000);
    load.enter('back');
    await delay(3000);
    await load.stop();
    judge(signal, load, await failuresCounted(postgres.url), await lostOf(load.acknowledged, ask));
    assert.equal(server.exitCode, null, 'The server ended');
  } finally {
    await stopServer(server, 'SIGKILL');
  }
}

/** One loop for each kind of request. All but the first use a new address each time. */
async function startLoad(ask) {
  const email = newEmail();
  await register(ask, email, newAddress());
  const { access_token: token, refresh_token: first } = (await logIn(ask, email, undefined, newAddress())).body;
  const acknowledged = { registrations: [email], posts: [], refreshToken: first, token };
  const answers = [];
  let phase = 'well';
  let entered = performance.now();
  const over = new AbortController();

  const acts = {
    live: () => ask('GET /health/live'),
    ready: () => ask('GET /health/ready'),
    me: () => ask('GET /users/me', { token }),
    posts: () => ask('GET /posts'),
    login: () => logIn(ask, email, undefined, newAddress()),
    async refresh() {
      const json = { refresh_token: acknowledged.refreshToken };
      const answer = await ask('POST /auth/refresh', { json, headers: newAddress() });
      acknowledged.refreshToken = answer.body.refresh_token ?? acknowledged.refreshToken;
      return answer;
    },
    async register() {
      const answer = await register(ask, newEmail(), newAddress());
      if (answer.status === 201) acknowledged.registrations.push(answer.body.email);
      return answer;
    },
    async post() {
      const answer = await ask('POST /posts', { json: post, token });
      if (answer.status === 201) acknowledged.posts.push(answer.body.id);
      return answer;
    },
  };
  /** Records the answer, if the whole request happened within one phase, and how old the phase was. */
  const note = async (name, act) => {
    const [asked, age] = [phase, performance.now() - entered];
    const { status, headers: answered, ms } = await act().catch((error) => ({ status: error.code, headers: {} }));
    const retryAfter = answered['retry-after'];
    answers.push({ name, status, ms, retryAfter, phase: asked === phase ? asked : 'between', age });
  };
  const loops = Object.entries(acts).map(async ([name, act]) => {
    for (; !over.signal.aborted; await delay(20)) await note(name, act);
  });
  return {
    acknowledged,
    answers,
    note,
    phase: () => phase,
    enter(next) {
      phase = next;
      entered = performance.now();
    },
    async stop() {
      over.abort();
      await Promise.all(loops);
    },
  };
}

/** Tries wrong passwords only while there is no database. None of them may ever count. */
async function guessWhile(ask, { acknowledged, note, phase }) {
  const [email] = acknowledged.registrations;
  while (phase() === 'out') {
    await note('guess', () => logIn(ask, email, 'wrong-1', newAddress()));
    await delay(20);
  }
}

function judge(signal, { answers, acknowledged }, { limits, audit }, lost) {
  const live = answers.filter(({ name }) => name === 'live');
  const served = answers.filter(({ name }) => name !== 'live');
  const during = (phase) => served.filter((answer) => answer.phase === phase);
  const slowest = Math.max(...during('out').map(({ ms }) => ms));
  console.log(`Postgres ended by ${signal}, for ${seconds} seconds:`);
  for (const phase of ['well', 'going', 'out', 'coming back', 'back'])
    console.log(`  ${phase}: ${tally(during(phase))}`);
  console.log(`  live: ${tally(live)}; the slowest answer while it was out took ${Math.round(slowest)} ms`);
  console.log(
    `  acknowledged: ${acknowledged.registrations.length} registrations and ${acknowledged.posts.length} posts, ` +
      `${lost.length} lost; failed logins counted: ${limits} by the limits, ${audit} by the audit`,
  );
  // Readiness repeats the answer of the last second.
  const mayBeOld = ({ name, age }) => name === 'ready' && age < 1000;
  const broken = [
    ...live.filter(({ status }) => status !== 200),
    ...[...during('well'), ...during('back')].filter(({ status }) => ![200, 201].includes(status)),
    ...during('out')
      .filter((answer) => !mayBeOld(answer))
      .filter(({ status, retryAfter, ms }) => status !== 503 || !(retryAfter >= 1) || ms > 3000),
    ...served.filter(({ status }) => ![200, 201, 503].includes(status)),
  ];
  assert.deepEqual(broken, []);
  assert.deepEqual([limits, audit, lost], [0, 0, []]);
  assert.ok(during('well').length > 10 && during('out').length > 10, 'The load did nothing');
}

async function failuresCounted(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `select (select count(*)::int from sallyport.rate_limits where bucket like 'failures:%') as limits,
            (select count(*)::int from sallyport.audit where type = 'user.login_failed') as audit`,
  );
  await client.end();
  return rows[0];
}

async function lostOf({ registrations, posts, refreshToken, token }, ask) {
  const accounts = await listAccounts(ask);
  const written = new Set((await listAll(ask, '/posts/my?limit=100', token)).map(({ id }) => id));
  const lost = [...registrations.filter((email) => !accounts.has(email)), ...posts.filter((id) => !written.has(id))];
  const { status } = await ask('POST /auth/refresh', { json: { refresh_token: refreshToken } });
  return status === 200 ? lost : [...lost, `the refresh token: ${status}`];
}
