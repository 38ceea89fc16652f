/**
 * Kills the server with -9 at random moments under load, and looks whether what it had acknowledged is there,
 * and whether every account has had its mail, and nobody else. `node scripts/kill-rounds.mjs --rounds 100`
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { addressIn, startServer, stopServer } from './running-server.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const rounds = Number(values.rounds);
const clients = 8;
const admin = { email: 'admin@example.com', password: 'admin secret 123' };

const folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
const acknowledged = new Set();
try {
  for (let round = 0; round < rounds; round += 1) await killUnderLoad(round);
  await withNode(checkWhatIsLeft);
} finally {
  rmSync(folder, { recursive: true });
}

async function killUnderLoad(round) {
  const server = start();
  const url = await addressIn(server);
  const killed = new AbortController();
  const load = Array.from({ length: clients }, async (_, client) => {
    for (let n = 0; !killed.signal.aborted; n += 1)
      await register(url, `r${round}-c${client}-n${n}@example.com`).catch(() => {});
  });
  await delay(randomInt(100, 1500));
  killed.abort();
  await Promise.all([stopServer(server, 'SIGKILL'), ...load]);
}

async function register(url, email) {
  const { status } = await post(`${url}/auth/register`, { name: 'Ada', email, password: 'secret123', age: 36 });
  if (status === 201) acknowledged.add(email);
}

async function checkWhatIsLeft(url) {
  const accounts = await listAccounts(url);
  const lost = [...acknowledged].filter((email) => !accounts.has(email));
  const owed = await mailsOwed(accounts);
  const stray = mailedAddresses().filter((email) => !accounts.has(email));
  console.log(
    `${rounds} kills: ${acknowledged.size} registrations acknowledged, ${lost.length} lost; ` +
      `${accounts.size} accounts, ${owed.length} without their mail, ${stray.length} mails of nobody`,
  );
  assert.ok(acknowledged.size > 0, 'The load did nothing');
  assert.deepEqual([lost, owed, stray], [[], [], []]);
}

async function listAccounts(url) {
  const { access_token: token } = await (await post(`${url}/auth/login`, admin)).json();
  const accounts = new Set();
  for (let next = '/admin/users?limit=100'; next;) {
    const response = await fetch(url + next, { headers: { authorization: `Bearer ${token}` } });
    for (const { email } of await response.json()) if (email !== admin.email) accounts.add(email);
    next = /<([^>]+)>/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return accounts;
}

/** The accounts that have no mail yet, once the outbox has had its time. */
async function mailsOwed(accounts) {
  let owed = [];
  // What was claimed as the server died is due again when its lease ends.
  for (let waited = 0; waited < 90; waited += 1) {
    const mailed = new Set(mailedAddresses());
    owed = [...accounts].filter((email) => !mailed.has(email));
    if (owed.length === 0) break;
    await delay(1000);
  }
  return owed;
}

function mailedAddresses() {
  const outbox = join(folder, 'data/outbox');
  if (!existsSync(outbox)) return [];
  const mails = readdirSync(outbox).filter((name) => name.endsWith('.eml'));
  return mails.map((name) => /^To: .*?([\w.@-]+)>?\r?$/m.exec(readFileSync(join(outbox, name), 'utf8'))?.[1]);
}

async function withNode(use) {
  const server = start();
  try {
    await use(await addressIn(server));
  } finally {
    await stopServer(server);
  }
}

function start() {
  return startServer(folder, {
    RATE_LIMITS: 'off',
    BOOTSTRAP_ADMIN_EMAIL: admin.email,
    BOOTSTRAP_ADMIN_PASSWORD: admin.password,
  });
}

function post(url, body) {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}
