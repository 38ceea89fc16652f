/**
 * Kills the server with -9 at random moments under load, on the embedded database and on Postgres. Then it checks that
 * acknowledged data is there, that no change is partial, and that every promised mail has been sent, and no other.
 * `node scripts/kill-rounds.mjs --rounds 100 --store postgres`
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Person } from './killed-person.mjs';
import { OutboxFolder } from './outbox-folder.mjs';
import { adminToken, bootstrap, listAccounts } from './people.mjs';
import { withPostgres } from './postgres.mjs';
import { asking, patiently } from './requests.mjs';
import { addressIn, startServer, stopServer } from './running-server.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, store: { type: 'string' } } });
const rounds = Number(values.rounds);
/** A slow machine gets more rounds, until its clients have done enough to be worth a look. */
const atMost = 5 * rounds;
/** The number of clients at a time, and how many of them are new in each round. */
const clients = 8;
const newcomers = 2;

const stores = {
  embedded: (use) => use({}),
  postgres: (use) =>
    withPostgres((url) => use({ DATABASE_URL: url, SECRET_KEY: 'a secret key for kills, long enough' })),
};
const chosen = values.store === undefined ? Object.keys(stores) : [values.store];
// Side by side, because much of the time is the wait for mails whose lease has to end.
const outcomes = await Promise.allSettled(
  chosen.map((store) => stores[store]((environment) => killAndLook(store, environment))),
);
for (const { status, reason } of outcomes) {
  if (status === 'fulfilled') continue;
  console.error(reason);
  process.exitCode = 1;
}

async function killAndLook(store, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  const outbox = new OutboxFolder(folder);
  // At the end, the sessions of the first rounds are still used.
  const ACCESS_TOKEN_EXPIRE_MINUTES = '1440';
  const start = () =>
    startServer(folder, { RATE_LIMITS: 'off', ACCESS_TOKEN_EXPIRE_MINUTES, ...bootstrap, ...environment });
  const people = new Set();
  const unheard = [];
  let last = [];
  let round = 0;
  try {
    for (; round < rounds || (changesOf([...people]) <= round && round < atMost); round += 1) {
      if (round % 5 === 4) await killDuringStart(start);
      const found = await killUnderLoad(start, outbox, last);
      unheard.push(...found.unheard);
      last = found.people;
      for (const person of last) people.add(person);
    }
    await withNode(start, async (ask) => {
      unheard.push(...(await findBack(ask, last)));
      tell(`${store}, ${round} kills under load`, [...people], unheard);
      assert.ok(changesOf([...people]) > rounds, 'The load did next to nothing');
      await checkAll(ask, [...people]);
      await checkMails(ask, [...people], outbox);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function killDuringStart(start) {
  const server = start();
  await delay(randomInt(50, 800));
  await stopServer(server, 'SIGKILL');
}

/**
 * Starts the server, checks the clients of the previous kill, and kills the server again while clients send requests.
 */
async function killUnderLoad(start, outbox, cutOff) {
  const server = start();
  try {
    const ask = asking(await addressIn(server));
    const unheard = await findBack(patiently(ask), cutOff);
    const going = cutOff.filter(({ isThere }) => isThere).slice(newcomers - clients);
    const people = [...going, ...Array.from({ length: clients - going.length }, () => new Person())];
    let isKilled = false;
    const load = Promise.all(people.map((person) => person.live(ask, outbox, () => isKilled)));
    await Promise.race([load, delay(randomInt(100, 2500))]);
    isKilled = true;
    server.kill('SIGKILL');
    await load;
    return { people, unheard };
  } finally {
    await stopServer(server, 'SIGKILL');
  }
}

/** The kinds of changes that were done without an answer to their client. */
async function findBack(ask, people) {
  const token = await adminToken(ask);
  return (await Promise.all(people.map((person) => person.findBack(ask, token)))).filter(Boolean);
}

/** Checks everything that was ever acknowledged, after all the kills. */
async function checkAll(ask, people) {
  const token = await adminToken(ask);
  const waiting = people.filter(({ isThere }) => isThere);
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let person = waiting.pop(); person; person = waiting.pop()) await person.check(ask, token);
    }),
  );
}

/** Checks that promised mails are there once the outbox has had its time, and that there are no unrequested ones. */
async function checkMails(ask, people, outbox) {
  const accounts = await listAccounts(ask);
  assert.deepEqual(
    people.filter(({ email, isThere }) => isThere !== accounts.has(email)),
    [],
    'Accounts that were never acknowledged, or are missing',
  );
  const owed = () => [
    // A user who has set a password by a mailed link needs no other link to confirm the address.
    ...people.filter(({ email, isThere }) => {
      const isConfirmed = accounts.get(email)?.email_verified;
      return isThere && !isConfirmed && outbox.mailsTo(email, 'verify-email').length === 0;
    }),
    ...people.filter(({ email, mails }) => outbox.mailsTo(email, 'reset-password').length < mails.promised),
  ];
  // A mail that was claimed when the server died is due again when its lease ends.
  for (let waited = 0; waited < 90 && owed().length > 0; waited += 1) await delay(1000);
  const stray = outbox.mails().filter(({ to, kind }) => !accounts.has(to) || kind === 'session-stolen');
  const unasked = people.filter(({ email, mails }) => outbox.mailsTo(email, 'reset-password').length > mails.asked);
  console.log(
    `  ${outbox.mails().length} mails: ${owed().length} missing, ${stray.length + unasked.length} unrequested`,
  );
  assert.deepEqual([owed(), stray, unasked], [[], [], []]);
}

/** How often each kind of change was acknowledged, and how many mails were promised. */
function sumOf(people) {
  const sum = { posts: 0, refreshes: 0, changes: 0, resets: 0 };
  for (const { acknowledged, mails } of people) {
    for (const [kind, times] of Object.entries({ ...acknowledged, mails: mails.promised })) {
      sum[kind] = (sum[kind] ?? 0) + times;
    }
  }
  return sum;
}

/** The number of acknowledged changes, besides registrations. */
function changesOf(people) {
  const { posts, refreshes, changes, resets } = sumOf(people);
  return posts + refreshes + changes + resets;
}

function tell(what, people, unheard) {
  const counted = Object.entries(sumOf(people)).map(([kind, times]) => `${times} ${kind}`);
  console.log(`${what}: ${counted.join(', ')}`);
  const kinds = [...new Set(unheard)].join(', ') || 'none';
  console.log(`  ${unheard.length} more were completed without an acknowledgement: ${kinds}`);
}

async function withNode(start, use) {
  const server = start();
  try {
    await use(patiently(asking(await addressIn(server))));
  } finally {
    await stopServer(server);
  }
}
