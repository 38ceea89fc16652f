/**
 * Attacks the real server with hostile sockets, over HTTP and over TLS: connections that send thousands of requests
 * ahead of their responses, while many others are reset at every point of a connection. Health checks must be answered
 * within 100 ms, memory must stay bounded, and no other client may notice. `--store postgres` or `pglite` chooses the
 * store, `--seconds 8` the length of each of the two attacks. It reads process statistics of Linux.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { parseArgs } from 'node:util';
import selfsigned from 'selfsigned';
import { forgetPeak, memory } from './linux.mjs';
import { logIn, newEmail, register } from './people.mjs';
import { withPostgres } from './postgres.mjs';
import { percentiles, probing } from './probes.mjs';
import { asking, keepingAgent } from './requests.mjs';
import { addressIn, startServer, stopServer } from './running-server.mjs';

/** The connections that send requests ahead in a round, and how many each sends. */
const pipelines = 20;
const requestsAhead = 4000;
/** The requests that an honest client may send ahead. */
const honestAhead = 16;
/** The connections that are reset in a round. */
const resets = 200;
/** Milliseconds after which a client gives up. */
const patience = 5000;
/** Milliseconds within which a health check must be answered. */
const promptness = 100;
/** Megabytes by which the server may grow beyond its size after ordinary requests. */
const growth = 50;
/** The clients that send ordinary requests before, and how many each sends. */
const ordinary = { clients: 20, requests: 200 };

const { values } = parseArgs({
  options: { store: { type: 'string', default: 'memory' }, seconds: { type: 'string', default: '8' } },
});
const seconds = Number(values.seconds);
assert.ok(seconds > 0 && seconds <= 20, '--seconds must be from 1 to 20');

const stores = {
  memory: (use) => use('memory:'),
  pglite: (use) => use('pglite:'),
  postgres: (use) => withPostgres(use),
};
assert.ok(Object.hasOwn(stores, values.store), `--store must be one of ${Object.keys(stores).join(', ')}`);

const get = 'GET /posts HTTP/1.1\r\nHost: localhost\r\n\r\n';
const login =
  'POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{';

/** What a client has sent, or waits for, when it resets its connection. */
const moments = [
  async () => {},
  async ({ socket }) => socket.write(get.slice(0, 20)),
  async ({ socket }) => socket.write(get),
  async ({ socket }) => socket.write(get.repeat(10)),
  async ({ socket }) => socket.write(login),
  async ({ connected }) => connected,
  async ({ socket, connected }) => {
    await connected;
    socket.write(get.repeat(10));
    await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  },
  async ({ connection, socket, connected }) => {
    await connected;
    socket.write(get.repeat(10));
    connection.end();
    await delay(10);
    connection.destroy();
  },
];

const misses = [];
await stores[values.store](async (database) => {
  for (const isSecure of [false, true]) await attack(database, isSecure);
});
assert.deepEqual(misses, []);

/** Starts a server, attacks it, and notes each bound that it misses. */
async function attack(database, isSecure) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-sockets-'));
  const server = startServer(folder, {
    DATABASE_URL: database,
    SECRET_KEY: 'a secret key for hostile sockets, long enough',
    RATE_LIMITS: 'off',
    ...(isSecure && (await certificateIn(folder))),
  });
  try {
    const url = await addressIn(server);
    const token = await memberWithPosts(url);
    await Promise.all(Array.from({ length: ordinary.clients }, () => ordinaryClient(url)));
    await delay(1000);
    forgetPeak(server.pid);
    const idle = memory(server.pid, 'VmRSS');
    const ahead = [];
    const probes = await probing({ url, token, pid: server.pid }, async () => {
      for (const end = performance.now() + seconds * 1000; performance.now() < end; await delay(200)) {
        ahead.push(...(await storm(url)));
      }
    });
    judge(url, probes, ahead, { idle, peak: memory(server.pid, 'VmHWM') });
    assert.equal(server.exitCode, null, 'The server ended');
  } finally {
    await stopServer(server);
    rmSync(folder, { recursive: true });
  }
}

async function certificateIn(folder) {
  const name = [{ name: 'commonName', value: 'localhost' }];
  const { cert, private: key } = await selfsigned.generate(name, { keyType: 'ec' });
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), key);
  return { TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' };
}

/** A member's token. The member has written the ten posts that each of the requests reads: 50 KB. */
async function memberWithPosts(url) {
  const ask = asking(url);
  const email = newEmail();
  await register(ask, email);
  const token = (await logIn(ask, email)).body.access_token;
  const content = 'Weaves algebraical patterns. '.repeat(170);
  for (let count = 0; count < 10; count += 1) {
    const { body } = await ask('POST /posts', { json: { title: 'On engines', content }, token });
    const { status } = await ask(`PATCH /posts/${body.id}`, { json: { published: true }, token });
    assert.equal(status, 200);
  }
  return token;
}

/** Reads posts on a connection that it keeps. A process grows with its first requests, whatever they are. */
async function ordinaryClient(url) {
  const agent = keepingAgent(url);
  const ask = asking(url, { agent });
  for (let count = 0; count < ordinary.requests; count += 1) await ask('GET /posts');
  agent.destroy();
}

/** One round of all hostile clients, and an honest one that sends requests ahead, whose statuses it returns. */
async function storm(url) {
  const hostile = [
    ...Array.from({ length: pipelines }, (_, n) => pipeline(url, n % 2 === 0)),
    ...Array.from({ length: resets }, (_, n) => reset(url, n)),
  ];
  const statuses = await honestPipeline(url);
  await Promise.all(hostile);
  return statuses;
}

/** Sends thousands of requests ahead, and reads the responses or does not, until the server closes the connection. */
async function pipeline(url, isReading) {
  const { socket, connected } = open(url);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await connected;
  if (!isReading) socket.pause();
  socket.write(get.repeat(requestsAhead));
  await Promise.race([closed, delay(500)]);
  // Without reading, it does not learn that the connection is closed.
  socket.resume();
  await Promise.race([closed, delay(patience, undefined, { ref: false })]);
  socket.destroy();
}

async function reset(url, n) {
  const client = open(url);
  await once(client.connection, 'connect');
  await moments[n % moments.length](client);
  client.connection.resetAndDestroy();
}

/** The statuses of the requests that an honest client sends at once, and of the last one behind them. */
async function honestPipeline(url) {
  const { socket } = open(url);
  let received = '';
  socket.setEncoding('latin1').on('data', (text) => (received += text));
  socket.write(get.repeat(honestAhead) + get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  await Promise.race([
    new Promise((resolve) => socket.once('close', resolve)),
    delay(patience, undefined, { ref: false }),
  ]);
  socket.destroy();
  const statuses = received.match(/(?<=HTTP\/1\.1 )\d+/g) ?? [];
  return Array.from({ length: honestAhead + 1 }, (_, n) => Number(statuses[n] ?? 0));
}

/** A connection, on which requests are sent over TLS if the URL says so. Errors are what a hostile client deserves. */
function open(url) {
  const { hostname, port, protocol } = new URL(url);
  const connection = connect(Number(port), hostname).on('error', () => {});
  if (protocol === 'http:') return { connection, socket: connection, connected: once(connection, 'connect') };
  const socket = connectTls({ socket: connection, rejectUnauthorized: false }).on('error', () => {});
  const connected = new Promise((resolve) => socket.once('secureConnect', resolve).once('close', resolve));
  return { connection, socket, connected };
}

function judge(url, { live, fresh, me, others, isDisturbed, durationOf }, ahead, { idle, peak }) {
  const name = `${values.store}, ${new URL(url).protocol.replace(':', '').toUpperCase()}`;
  const sent = `${pipelines} × ${requestsAhead} requests ahead and ${resets} resets`;
  console.log(`${name}: ${ahead.length / (honestAhead + 1)} times ${sent}.`);
  console.log('Meanwhile, in milliseconds, and in brackets without the time spent waiting for a core:');
  console.log(`  /health/live, connection kept ${percentiles(live)}`);
  console.log(`  /health/live, new connections ${percentiles(fresh)}`);
  console.log(`  /users/me, connection kept    ${percentiles(me)}`);
  const failed = [...live, ...fresh, ...me].map(({ status }) => status).concat(ahead);
  const failures = failed.filter((status) => status !== 200);
  console.log(`  other clients: ${failed.length} requests, ${failures.length} failed`);
  console.log(`  memory: ${Math.round(idle)} MB at rest, ${Math.round(peak)} MB at most`);
  console.log(`  ${others}`);

  const slow = live.map(durationOf).filter((ms) => ms > promptness);
  // Of what other processes cost, the kernel does not report all. On a busy machine, one in a hundred is accepted.
  if (slow.length > (isDisturbed ? live.length / 100 : 0))
    misses.push(`${name}: ${slow.length} of ${live.length} health checks took more than ${promptness} ms`);
  if (peak - idle > growth) misses.push(`${name}: the server grew by ${Math.round(peak - idle)} MB`);
  if (failures.length > 0)
    misses.push(`${name}: requests of other clients failed: ${[...new Set(failures)].join(', ')}`);
  if (ahead.length === 0 || live.length < 10) misses.push(`${name}: nothing was measured`);
}
