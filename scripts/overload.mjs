/**
 * Sends 500 logins at once to the real server, which hashes for real. Health checks must be answered within 100 ms,
 * members must be served, memory must stay bounded, and logins beyond the capacity must be refused temporarily. It
 * reads process statistics of Linux.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { memory } from './linux.mjs';
import { logIn, newEmail, password, register } from './people.mjs';
import { percentiles, probing } from './probes.mjs';
import { asking } from './requests.mjs';
import { addressIn, startServer, stopServer } from './running-server.mjs';

const logins = 500;
/** Milliseconds within which a health check must be answered. */
const promptness = 100;
/**
 * The same for a health check that has to connect first, behind all earlier connections. A load balancer waits that
 * long.
 */
const promptnessOnceConnected = 1000;
/** Milliseconds after which a waiting login is refused, minus a little. */
const patience = 1900;
/** Megabytes by which the server may grow. */
const growth = 100;
/** Hashes at once, and those that may wait for their turn. */
const hashes = availableParallelism() + 64;

const folder = mkdtempSync(join(tmpdir(), 'sallyport-overload-'));
const server = startServer(folder, { DATABASE_URL: 'memory:', TRUST_PROXY: '127.0.0.1' });
try {
  const url = await addressIn(server);
  await delay(1000);
  const idle = memory(server.pid, 'VmRSS');
  const emails = await registerPeople(url, 50);
  const token = (await logIn(asking(url), emails[0], password, from(0))).body.access_token;
  const statuses = [];
  const probes = await probing({ url, token, pid: server.pid }, async () => {
    statuses.push(await storm(url, (n) => credentials(emails, n), from));
    await delay(3000);
    statuses.push(
      await storm(
        url,
        (n) => credentials(emails, n),
        () => ({ 'x-forwarded-for': '203.0.113.9' }),
      ),
    );
    await delay(1000);
  });
  judge(statuses, probes, { idle, peak: memory(server.pid, 'VmHWM') });
} finally {
  await stopServer(server);
  rmSync(folder, { recursive: true });
}

/** A unique address, so that no limit is reached. */
function from(n) {
  return { 'x-forwarded-for': `198.18.${n >> 8}.${n & 255}` };
}

async function registerPeople(url, count) {
  const emails = Array.from({ length: count }, newEmail);
  for (const [n, email] of emails.entries()) {
    assert.equal((await register(asking(url), email, from(n))).status, 201);
  }
  return emails;
}

/** Credentials of which one in ten has a wrong password. */
function credentials(emails, n) {
  return { email: emails[n % emails.length], password: n % 10 === 9 ? 'wrong-1' : password };
}

/** Sends all logins in one moment, over open connections, and returns the answers in the order of arrival. */
async function storm(url, credentialsOf, headersOf) {
  const { hostname, port } = new URL(url);
  const sockets = await Promise.all(
    Array.from({ length: logins }, async () => {
      const socket = connect(Number(port), hostname);
      await once(socket, 'connect');
      return socket;
    }),
  );
  return Promise.all(sockets.map((socket, n) => exchange(socket, toRequest(credentialsOf(n), headersOf(n)))));
}

function toRequest(json, headers) {
  const body = JSON.stringify(json);
  const lines = Object.entries({
    ...headers,
    host: 'localhost',
    connection: 'close',
    'content-type': 'application/json',
    'content-length': body.length,
  }).map(([name, value]) => `${name}: ${value}`);
  return ['POST /auth/login HTTP/1.1', ...lines, '', body].join('\r\n');
}

/** The status, whether it says when to retry, and the duration in milliseconds. */
async function exchange(socket, text) {
  const asked = performance.now();
  let answer = '';
  socket.setEncoding('latin1').on('data', (part) => (answer += part));
  const closed = once(socket, 'close');
  socket.write(text);
  await closed;
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
  return { status, retryAfter: Number(/^retry-after: (\d+)/im.exec(answer)?.[1]), ms: performance.now() - asked };
}

function judge([distinct, limited], probes, { idle, peak }) {
  const { live, fresh, me, others, durationOf } = probes;
  console.log(`${logins} logins at once, from as many addresses: ${tally(distinct)}`);
  console.log(`${logins} logins at once, from one address: ${tally(limited)}`);
  console.log(`Meanwhile, in milliseconds, and in brackets without the time spent waiting for a core:`);
  console.log(`  /health/live, connection kept ${percentiles(live)}`);
  console.log(`  /health/live, new connections ${percentiles(fresh)}`);
  console.log(`  /users/me, connection kept    ${percentiles(me)}`);
  console.log(others);
  console.log(`Memory: ${Math.round(idle)} MB at rest, ${Math.round(peak)} MB at most`);

  const wrong = [...distinct, ...limited].filter(
    ({ status, retryAfter }) => ![200, 401].includes(status) && !([429, 503].includes(status) && retryAfter >= 1),
  );
  assert.deepEqual(wrong, []);
  const inTheQueue = distinct.filter(({ status, ms }) => status !== 503 || ms >= patience).length;
  assert.ok(inTheQueue >= hashes, `${inTheQueue} logins had a place in the queue, which has ${hashes}`);
  assert.ok(limited.filter(({ status }) => status === 429).length >= logins - 50, 'The limit of an address');
  assert.deepEqual(
    [...live, ...fresh, ...me].filter(({ status }) => status !== 200),
    [],
  );
  for (const [samples, most] of [
    [live, promptness],
    [fresh, promptnessOnceConnected],
  ]) {
    const slow = samples.filter((sample) => durationOf(sample) > most).length;
    // Delays that the kernel does not report (another machine on the same host, a cache that another process filled)
    // are accepted once in a hundred times.
    const mayBeSlow = samples.length / 100;
    assert.ok(
      slow <= mayBeSlow,
      `${slow} of ${samples.length} times it took more than ${most} ms to say that it lives`,
    );
  }
  assert.ok(peak - idle <= growth, `The server grew by ${Math.round(peak - idle)} MB`);
}

/** The number of answers per status: 200 × 12, 503 × 3. */
function tally(answers) {
  const counts = new Map();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, times]) => `${status} × ${times}`).join(', ');
}
