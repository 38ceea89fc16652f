/**
 * Imports a file of accounts and posts on Postgres, and kills the importer with -9 on the way. Each account must be
 * there once in the end, with one entry in the audit, and log in with its old password.
 * `node scripts/trial-import.mjs --accounts 100000 --kills 2`
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { Argon2PasswordHasher } from '../packages/adapters-crypto/dist/index.js';
import { logIn, register } from './people.mjs';
import { withPostgres } from './postgres.mjs';
import { asking } from './requests.mjs';
import { addressIn, launcherIn, startServer, stopServer } from './running-server.mjs';

const { values } = parseArgs({
  options: { accounts: { type: 'string', default: '5000' }, kills: { type: 'string', default: '2' } },
});
const [accounts, kills] = [Number(values.accounts), Number(values.kills)];
/** Every tenth account has a post. */
const posts = Math.floor(accounts / 10);
const password = 'secret123';
const launcher = launcherIn(join(import.meta.dirname, '..'));

await withPostgres(async (url) => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-import-'));
  const environment = { DATABASE_URL: url, SECRET_KEY: 'a secret key for imports, long enough', RATE_LIMITS: 'off' };
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  try {
    await writeAccounts(join(folder, 'accounts.ndjson'));
    const started = performance.now();
    for (let kill = 1; kill <= kills; kill += 1) {
      await killAt(Math.floor((accounts * kill) / (kills + 1)), folder, environment, database);
    }
    const summary = await importAll(folder, environment);
    const minutes = (performance.now() - started) / 60_000;
    const { imported, present, refused } = summary;
    assert.equal(imported.user + (present.user ?? 0), accounts);
    assert.equal(imported.post + (present.post ?? 0), posts);
    assert.equal(refused, 0);
    console.log(
      `${accounts} accounts and ${posts} posts, ${kills} kills: ${present.user ?? 0} accounts were there before the last run`,
    );
    console.log(`  ${Math.round(accounts / minutes)} accounts a minute, starts and what was repeated included`);
    await check(database, environment, folder);
  } finally {
    await database.end();
    rmSync(folder, { recursive: true });
  }
});

/** Accounts of which the first half have ids and others external ids, then posts. */
async function writeAccounts(file) {
  const hasher = new Argon2PasswordHasher();
  const hashes = await Promise.all(Array.from({ length: 4 }, () => hasher.hash(password)));
  const stream = createWriteStream(file);
  const write = async (line) => stream.write(`${JSON.stringify(line)}\n`) || once(stream, 'drain');
  for (let n = 1; n <= accounts; n += 1) {
    await write({
      ...referenceTo(n),
      name: `Member Number ${n}`,
      email: `Member${n}@Example.com`,
      email_verified: n % 3 === 0,
      created_at: new Date(Date.UTC(2019, 0, 1) + n * 1000).toISOString(),
      password_hash: hashes[n % hashes.length],
      age: n % 100,
      city: 'Bath',
    });
  }
  for (let n = 10; n <= posts * 10; n += 10) {
    await write({
      type: 'post',
      ...Object.fromEntries(Object.entries(referenceTo(n)).map(([name, value]) => [`author_${name}`, value])),
      title: `Post number ${n}`,
      content: 'Twenty characters or more of it.',
      published: true,
      created_at: '2020-01-01T00:00:00Z',
    });
  }
  stream.end();
  await once(stream, 'finish');
}

function referenceTo(n) {
  return n <= accounts / 2 ? { id: 2 * n } : { external_id: `legacy-${n}` };
}

function startImport(folder, environment) {
  return spawn(process.execPath, [launcher, 'import', 'accounts.ndjson', '--json'], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Kills an importer once so many accounts are there, at any moment of a batch. */
async function killAt(count, folder, environment, database) {
  const importer = startImport(folder, environment);
  const ended = once(importer, 'exit');
  while (importer.exitCode === null && (await countOf(database, 'users')) < count) await delay(5);
  await delay(randomInt(0, 50));
  importer.kill('SIGKILL');
  await ended;
  const there = await countOf(database, 'users');
  assert.equal(importer.signalCode, 'SIGKILL', 'The importer ended before it was killed: import more accounts');
  assert.equal(await countOf(database, 'audit', `where type = 'user.imported'`), there, 'entries of the audit');
  console.log(`Killed with ${there} accounts`);
}

async function importAll(folder, environment) {
  const importer = startImport(folder, environment);
  const [ended, stdout, stderr] = [once(importer, 'exit'), text(importer.stdout), text(importer.stderr)];
  const [code] = await ended;
  assert.equal(code, 0, await stderr);
  return JSON.parse(await stdout);
}

async function countOf(database, table, condition = '') {
  const name = `sallyport.${table}`;
  const { rows } = await database.query('select to_regclass($1) is not null as is_there', [name]);
  if (!rows[0].is_there) return 0;
  return Number((await database.query(`select count(*) from ${name} ${condition}`)).rows[0].count);
}

async function check(database, environment, folder) {
  assert.equal(await countOf(database, 'users'), accounts);
  assert.equal(await countOf(database, 'posts'), posts);
  assert.equal(await countOf(database, 'audit', `where type = 'user.imported'`), accounts);
  assert.equal(await countOf(database, 'outbox'), 0, 'mails');
  const { rows } = await database.query(
    `select max(id)::int as greatest, count(distinct email)::int as emails,
       count(*) filter (where external_id is null and id = 2 * substring(email from '[0-9]+')::int)::int as kept
     from sallyport.users`,
  );
  const [{ greatest, emails, kept }] = rows;
  assert.deepEqual([emails, kept], [accounts, Math.floor(accounts / 2)], 'different addresses, and kept ids');
  const server = startServer(folder, environment);
  try {
    const ask = asking(await addressIn(server));
    for (let sample = 0; sample < 5; sample += 1) {
      const email = `member${randomInt(1, accounts + 1)}@example.com`;
      assert.equal((await logIn(ask, email, password)).status, 200, `The login of ${email}`);
    }
    const { status, body } = await register(ask, 'newcomer@example.com');
    assert.equal(status, 201);
    assert.ok(body.id > greatest, `The next id is ${body.id}, the greatest was ${greatest}`);
  } finally {
    await stopServer(server);
  }
  console.log('  each account is there once, is in the audit once, and five of them logged in');
}
