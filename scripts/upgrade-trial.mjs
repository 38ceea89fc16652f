/**
 * Upgrades real releases on one Postgres. From the first version, as documented: its nodes stop, the tables are migrated,
 * and members notice nothing. To a later release: nodes of both work beside each other, under load, while its migrations
 * run, are killed and continue. `node scripts/upgrade-trial.mjs --first-version FOLDER` uses an installed first version
 * and saves minutes; `--only later` leaves it out.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { inWords, lostOf, startLoad, tally } from './mixed-load.mjs';
import { bootstrap } from './people.mjs';
import { withStoppablePostgres } from './postgres.mjs';
import { installFirstVersion, makeLaterRelease } from './releases.mjs';
import { asking } from './requests.mjs';
import { addressIn, launcherIn, startServer, stopServer } from './running-server.mjs';

const { values } = parseArgs({
  options: {
    'first-version': { type: 'string' },
    only: { type: 'string' },
    accounts: { type: 'string', default: '100000' },
  },
});
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'sallyport-upgrade-'));
const servers = [];
try {
  if (values.only !== 'later') await withStoppablePostgres(({ url }) => upgradeFromFirstVersion(url));
  if (values.only !== 'first-version') await withStoppablePostgres(({ url }) => upgradeToLaterRelease(url));
} finally {
  await Promise.all(servers.map((server) => stopServer(server, 'SIGKILL')));
  rmSync(folder, { recursive: true });
}

/** Variables that every release reads. */
function environment(url) {
  return {
    DATABASE_URL: url,
    SECRET_KEY: 'a secret key for an upgrade, long enough',
    PUBLIC_URL: 'http://localhost:3000',
    RATE_LIMITS: 'off',
    ...bootstrap,
  };
}

function start(url, release = root) {
  const server = startServer(folder, environment(url), launcherIn(release));
  servers.push(server);
  return server;
}

/** Runs a command, and kills it once it has said this. Returns what it said, and how it ended. */
async function command(url, release, args, killAt) {
  const options = { cwd: folder, env: { PATH: process.env.PATH, ...environment(url) } };
  const running = spawn(process.execPath, [launcherIn(release), ...args], options);
  let said = '';
  for (const stream of [running.stdout, running.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
      if (killAt !== undefined && said.includes(killAt)) running.kill('SIGKILL');
    });
  }
  const [code] = await once(running, 'close');
  return { said, code };
}

async function on(url, statement) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

async function upgradeFromFirstVersion(url) {
  const release = values['first-version'] ?? join(folder, 'first-version');
  if (values['first-version'] === undefined) installFirstVersion(release);
  const old = start(url, release);
  const load = await loadWhile([asking(await addressIn(old))], () => delay(3000));
  assert.equal(await stopServer(old), 0);

  const { code, said } = await command(url, root, ['migrate']);
  assert.equal(code, 0, said);
  assert.match(said, /first-version\/take-over/);
  await assert.rejects(addressIn(start(url, release)), /did not start/, 'A node of the first version starts no more');
  const ask = asking(await addressIn(start(url)));
  const lost = await lostOf(load.acknowledged, ask);
  console.log(`From the first version: ${inWords(load.acknowledged)}; ${lost.length} lost`);
  assert.deepEqual(lost, []);
  assert.ok(load.acknowledged.posts.length > 0 && load.acknowledged.refreshes.length > 0, 'The load did nothing');
}

async function upgradeToLaterRelease(url) {
  const later = join(folder, 'later');
  makeLaterRelease(later);
  const current = start(url);
  const ask = asking(await addressIn(current));
  await on(
    url,
    `insert into sallyport.users (email, name, search, role, is_active, email_verified, created_at)
     select 'filler' || n || '@example.org', 'Filler', '', 'user', true, true, now()
     from generate_series(1, ${Number(values.accounts)}) as n`,
  );
  const during = await loadWhile([ask], () => migrateUnderLoad(url, later));
  // A node of this release also starts on the tables of the later one.
  const nodes = await Promise.all([start(url), start(url, later)].map(addressIn));
  const beside = await loadWhile(
    nodes.map((node) => asking(node)),
    () => delay(3000),
  );
  await on(url, `delete from sallyport.users where email like 'filler%'`);
  await judge('While a node served during the migrations', during, ask);
  await judge('While nodes of both releases served', beside, ask);
  // What nodes of this release have added since is filled once they are gone.
  assert.match((await command(url, later, ['migrate'])).said, /Filled core\/0002_locale: \d+ rows/);
  assert.equal((await command(url, later, ['migrate'])).said, 'The schema is up to date\n');
}

async function loadWhile(ways, work) {
  const load = await startLoad(ways);
  try {
    await work();
  } finally {
    await load.stop();
  }
  return load;
}

async function judge(what, { answers, acknowledged }, ask) {
  const lost = await lostOf(acknowledged, ask);
  console.log(`${what}: ${tally(answers)}; ${inWords(acknowledged)}; ${lost.length} lost`);
  assert.deepEqual([answers.filter(({ isGood }) => !isGood), lost], [[], []]);
}

/** Runs the migrations of the later release. They are killed once, in the middle of the backfill. */
async function migrateUnderLoad(url, later) {
  const unfilled = async () =>
    (await on(url, 'select count(*)::int as rows from sallyport.users where locale is null'))[0].rows;
  const { said: plan } = await command(url, later, ['migrate', '--plan']);
  assert.match(plan, /core\/0002_locale/);
  await command(url, later, ['migrate'], 'Filling core/0002_locale');
  const left = await unfilled();
  assert.ok(left > 0 && left < Number(values.accounts), 'It was killed in the middle of the backfill');
  const started = performance.now();
  const { code, said } = await command(url, later, ['migrate']);
  assert.equal(code, 0, said);
  const [, rows] = /Filled core\/0002_locale: (\d+) rows/.exec(said) ?? [];
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`A killed backfill of ${values.accounts} rows left ${left}; the next run filled ${rows} in ${seconds} s`);
}
