/**
 * Closes a member's account that has millions of posts, then a thousand accounts at once, on the real server and
 * Postgres, while other clients send requests. An account must be closed within a second, however much its owner wrote.
 * Its rows must be gone within minutes. Each of the thousand closings must succeed, and no other client's request may
 * fail. `node scripts/close-accounts.mjs --posts 4000000 --accounts 1000`
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { logIn, newEmail, post, register } from './people.mjs';
import { withPostgres } from './postgres.mjs';
import { asking } from './requests.mjs';
import { addressIn, startServer, stopServer } from './running-server.mjs';

const { values } = parseArgs({
  options: { posts: { type: 'string', default: '4000000' }, accounts: { type: 'string', default: '1000' } },
});
const [posts, accounts] = [Number(values.posts), Number(values.accounts)];

/** Milliseconds within which an account must be closed, and within which its rows must be gone. */
const promptness = 1_000;
const patience = 10 * 60_000;

await withPostgres(async (url) => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-closing-'));
  const server = startServer(folder, {
    DATABASE_URL: url,
    SECRET_KEY: 'a secret key for closing accounts, long enough',
    RATE_LIMITS: 'off',
  });
  const database = new pg.Client({ connectionString: url });
  try {
    const ask = asking(await addressIn(server));
    await database.connect();
    await closeBigAccount(ask, database);
    await closeManyAccounts(ask, database);
  } finally {
    await database.end();
    await stopServer(server);
    rmSync(folder, { recursive: true });
  }
});

async function closeBigAccount(ask, database) {
  const [writer, reader] = [await newMember(ask), await newMember(ask)];
  const { id } = (await ask('POST /posts', { token: reader.token, json: post })).body;
  await ask(`PATCH /posts/${id}`, { token: reader.token, json: { published: true } });
  await database.query(
    `insert into sallyport.posts (title, content, published, author_id, created_at)
     select 'Title of ' || n, repeat('Twenty characters. ', 4), true, $1, now() from generate_series(1, $2::int) n`,
    [writer.id, posts],
  );
  await database.query('analyze sallyport.posts');
  console.log(`An account with ${posts} posts`);
  const before = await watching(ask, reader, () => delay(3_000));
  let gone = 0;
  const during = await watching(ask, reader, async () => {
    const closed = await ask('DELETE /users/me', { token: writer.token });
    assert.equal(closed.status, 204);
    assert.ok(closed.ms < promptness, `closing took ${closed.ms.toFixed()} ms`);
    console.log(`  closed in ${closed.ms.toFixed()} ms`);
    assert.equal((await ask('GET /users/me', { token: writer.token })).body.detail, 'User no longer exists');
    gone = await rowsAreGone(database, writer.id);
  });
  console.log(`  rows gone after ${(gone / 1000).toFixed(1)} s`);
  for (const route of before.keys()) {
    console.log(`  ${route}: ${inWords(before.get(route))} before, ${inWords(during.get(route))} meanwhile`);
  }
}

async function closeManyAccounts(ask, database) {
  const members = [];
  for (let n = 0; n < accounts; n += 1) members.push(await newMember(ask));
  const started = performance.now();
  const closed = await Promise.all(members.map(({ token }) => ask('DELETE /users/me', { token })));
  assert.deepEqual([...new Set(closed.map(({ status }) => status))], [204]);
  const slowest = Math.max(...closed.map(({ ms }) => ms));
  console.log(`${accounts} closings at once: all succeeded, the slowest after ${slowest.toFixed()} ms`);
  for (const { id } of members) await rowsAreGone(database, id);
  console.log(`  rows gone after ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

async function newMember(ask) {
  const email = newEmail();
  assert.equal((await register(ask, email)).status, 201);
  const { access_token: token, user } = (await logIn(ask, email)).body;
  return { id: user.id, token };
}

/** The durations of other clients' requests in the meantime, in milliseconds by route. None may fail. */
async function watching(ask, { token }, act) {
  const times = new Map([
    ['GET /users/me', []],
    ['GET /posts', []],
    ['POST /posts', []],
  ]);
  const over = new AbortController();
  const clients = [...times.keys()].map(async (route) => {
    while (!over.signal.aborted) {
      const { status, ms } = await ask(route, { token, ...(route.startsWith('POST') && { json: post }) });
      assert.ok(status < 400, `${route} answered ${status}`);
      times.get(route).push(ms);
      await delay(20);
    }
  });
  await act();
  over.abort();
  await Promise.all(clients);
  return times;
}

/** Milliseconds until no row of the account is left. */
async function rowsAreGone(database, userId) {
  const started = performance.now();
  for (;;) {
    const { rows } = await database.query(
      `select exists (select from sallyport.posts where author_id = $1)
           or exists (select from sallyport.sessions where user_id = $1)
           or exists (select from sallyport.closed_accounts where user_id = $1) as has_rows`,
      [userId],
    );
    const passed = performance.now() - started;
    if (!rows[0].has_rows) return passed;
    assert.ok(passed < patience, `rows are left after ${passed} ms`);
    await delay(100);
  }
}

function inWords(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(1);
  return `median ${at(0.5)} ms, p99 ${at(0.99)}`;
}
