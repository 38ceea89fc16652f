/**
 * Sends 500 logins at once to the real server, which hashes for real: whoever asks whether it lives is answered
 * within 100 ms, members are served, memory stays bounded, and what cannot be served is refused for now.
 */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { logIn, newEmail, password, register } from './people.mjs';
import { asking } from './requests.mjs';
import { addressIn, startServer, stopServer } from './running-server.mjs';

const logins = 500;
/** Milliseconds within which whoever asks whether the server lives is to be answered. */
const promptness = 100;
/** Megabytes by which the server may grow. */
const growth = 100;
/** Hashes at once, and those that may wait for their turn. */
const hashes = availableParallelism() + 64;

const folder = mkdtempSync(join(tmpdir(), 'sallyport-overload-'));
const server = startServer(folder, { DATABASE_URL: 'memory:', TRUST_PROXY: '127.0.0.1', LOG_LEVEL: 'silent' });
try {
  const url = await addressIn(server);
  await delay(1000);
  const idle = memory('VmRSS');
  const emails = await registerPeople(url, 50);
  const token = (await logIn(asking(url), emails[0], password, from(0))).body.access_token;
  const statuses = [];
  const probes = await probing(url, token, async () => {
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
  judge(statuses, probes, { idle, peak: memory('VmHWM') });
} finally {
  await stopServer(server);
  rmSync(folder, { recursive: true });
}

/** Addresses that are nobody else's, so that no limit is met. */
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

/** One in ten has the password wrong. */
function credentials(emails, n) {
  return { email: emails[n % emails.length], password: n % 10 === 9 ? 'wrong-1' : password };
}

/** Sends all logins in one moment, over connections that are open already; the answers as they come. */
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

/** The status, and whether it says when to try again. */
async function exchange(socket, text) {
  let answer = '';
  socket.setEncoding('latin1').on('data', (part) => (answer += part));
  const closed = once(socket, 'close');
  socket.write(text);
  await closed;
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
  return { status, retryAfter: Number(/^retry-after: (\d+)/im.exec(answer)?.[1]) };
}

/** What somebody in another process met, who asked all the while. */
async function probing(url, token, act) {
  const prober = fork(join(import.meta.dirname, 'prober.mjs'), [url, token]);
  const told = once(prober, 'message');
  await delay(1000);
  await act();
  prober.send('enough');
  return (await told)[0];
}

/** Megabytes, as Linux counts them: what is resident now, or was at most. */
function memory(name) {
  const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(
    readFileSync(`/proc/${server.pid}/status`, 'utf8'),
  );
  return Number(kilobytes) / 1024;
}

function judge([distinct, limited], { live, me, lateness }, { idle, peak }) {
  console.log(`${logins} logins at once, from as many addresses: ${tally(distinct)}`);
  console.log(`${logins} logins at once, from one address: ${tally(limited)}`);
  console.log(`/health/live meanwhile: ${percentiles(live)}`);
  console.log(`/users/me meanwhile: ${percentiles(me)}`);
  console.log(`  (milliseconds; whoever asked was late by ${Math.round(lateness)} at most, which is taken off)`);
  console.log(`Memory: ${Math.round(idle)} MB at rest, ${Math.round(peak)} MB at most`);

  const unanswered = [...distinct, ...limited].filter(
    ({ status, retryAfter }) => ![200, 401].includes(status) && !([429, 503].includes(status) && retryAfter >= 1),
  );
  assert.deepEqual(unanswered, []);
  const hashed = distinct.filter(({ status }) => status !== 503).length;
  assert.ok(hashed >= hashes, `${hashed} passwords were looked at, fewer than ${hashes}`);
  assert.ok(limited.filter(({ status }) => status === 429).length >= logins - 50, 'The limit of an address');
  assert.deepEqual(
    [...live, ...me].filter(({ status }) => status !== 200),
    [],
  );
  const late = live.filter(({ ms }) => ms > promptness);
  assert.equal(late.length, 0, `${late.length} of ${live.length} times it took too long to say that it lives`);
  assert.ok(peak - idle <= growth, `The server grew by ${Math.round(peak - idle)} MB`);
}

/** How many were answered how: 200 × 12, 503 × 3. */
function tally(answers) {
  const counts = new Map();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, times]) => `${status} × ${times}`).join(', ');
}

function percentiles(samples) {
  const sorted = samples.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)} of ${sorted.length}`;
}
