import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/**
 * What a guide to a migration meets, from `scripts/fixtures/migrate`, and what must have become of it:
 *
 * - `sqlite.sql` and `postgres.sql`: the tables of the old system, in the database `app.db` and at OLD_DATABASE_URL
 * - other files: its export files
 * - `expected.json`: the accounts with their passwords, and the posts, as `sallyport export` writes them in the end
 *
 * @param {string} system
 * @param {string} postgres URL of a server
 * @param {NodeJS.ProcessEnv} env with which commands find `sallyport`
 * @returns {{ path: string, env: NodeJS.ProcessEnv, beside: import('./follow.mjs').Beside }} the guide, the environment of
 *   its commands, and what is done beside them
 */
export function migrationOf(system, postgres, env) {
  const fixture = join(root, 'scripts/fixtures/migrate', system);
  const scripts = join(root, 'examples/migrate', system);
  const expected = JSON.parse(readFileSync(join(fixture, 'expected.json'), 'utf8'));
  const path = join(root, `docs/migrate/${system}.md`);
  const guide = readFileSync(path, 'utf8');
  const url = databaseOn(postgres, `old_${system.replace('-', '_')}`);
  /** What each export of the guide has written. */
  const exports = new Set();
  return {
    path,
    env: { ...env, OLD_DATABASE_URL: url },
    beside: {
      before(folder) {
        for (const name of readdirSync(scripts)) copyFileSync(join(scripts, name), join(folder, name));
        fillDatabases(fixture, folder, postgres, url);
      },
      afterRun(folder) {
        const written = join(folder, 'accounts.ndjson');
        if (existsSync(written)) exports.add(readFileSync(written, 'utf8'));
        for (const line of refusedIn(folder))
          assert.ok(guide.includes(`\n${line}\n`), `The guide does not print ${line}`);
      },
      async whileRunning(address) {
        for (const account of expected.user) await logIn(address, account);
      },
      async afterwards(folder) {
        assert.ok(exports.size > 0, 'The guide writes accounts.ndjson');
        const [first, ...others] = [...exports].map(recordsOf);
        for (const other of others) assert.deepEqual(other, first, 'Each way to export writes the same records');
        checkRecords(folder, env, expected);
      },
    },
  };
}

function databaseOn(postgres, name) {
  const url = new URL(postgres);
  url.pathname = name;
  return url.href;
}

function fillDatabases(fixture, folder, postgres, url) {
  const psql = (...args) => execFileSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', ...args], { stdio: 'pipe' });
  for (const name of readdirSync(fixture)) {
    const path = join(fixture, name);
    if (name === 'sqlite.sql') execFileSync('sqlite3', [join(folder, 'app.db')], { input: readFileSync(path) });
    else if (name === 'postgres.sql') {
      const database = new URL(url).pathname.slice(1);
      psql(postgres, '-c', `drop database if exists ${database}`);
      psql(postgres, '-c', `create database ${database} encoding 'UTF8' template template0`);
      psql(url, '-f', path);
    } else if (!/^(?:make\.|expected\.json$)/.test(name)) copyFileSync(path, join(folder, name));
  }
}

/** The lines of an export, with times in one notation. */
function recordsOf(text) {
  return linesIn(text).map((line) => {
    const { created_at: time, ...record } = JSON.parse(line);
    const known = Object.entries(record).filter(([, value]) => value !== null);
    return { ...Object.fromEntries(known), created_at: new Date(time).toISOString() };
  });
}

/** An account without a password has none that logs in. One that is not active is told so after the right password. */
async function logIn(
  address,
  { email, password = 'secret123', has_password: hasPassword = true, is_active: isActive },
) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ email, password });
  const response = await fetch(`${address}/auth/login`, { method: 'POST', headers, body });
  const { detail, user } = await response.json();
  const expected = !hasPassword ? 401 : isActive ? 200 : 403;
  assert.equal(response.status, expected, `The login of ${email}: ${detail}`);
  if (expected === 200) assert.equal(user.email, email);
}

/** After a second import, every record is as expected, none is added, and hashes are still those of the logins. */
function checkRecords(folder, env, expected) {
  const { imported, present, refused } = importAgain(folder, env);
  const counts = Object.entries(expected).map(([type, records]) => [type, records.length]);
  assert.deepEqual([imported, present, refused], [{}, Object.fromEntries(counts), refusedIn(folder).length]);
  const all = exported(folder, env);
  for (const [type, records] of Object.entries(expected)) {
    const found = all.filter((record) => record.type === type);
    assert.equal(found.length, records.length, `The number of records of the type ${type}`);
    for (const record of records) {
      const key = record.email === undefined ? 'id' : 'email';
      const match = found.find((other) => other[key] === record[key]);
      assert.deepEqual(pick(match, record), pick(record, record));
    }
  }
  for (const { email, password_hash: hash, is_active: isActive } of all.filter(({ type }) => type === 'user')) {
    const { has_password: hasPassword = true } = expected.user.find((account) => account.email === email);
    if (!hasPassword) assert.equal(hash, undefined, `${email} has no password`);
    else if (isActive) assert.match(hash, /^\$argon2id\$/, `The hash of ${email} after its login`);
  }
}

/** The fields of a record that are expected, except what is for the login alone. */
function pick(record, { password: _password, has_password: _hasPassword, ...others } = {}) {
  return Object.fromEntries(Object.keys(others).map((name) => [name, record?.[name]]));
}

function exported(folder, env) {
  const options = { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] };
  const text = execFileSync('sallyport', ['export', '--with-password-hashes'], options);
  return linesIn(text).map((line) => JSON.parse(line));
}

/** The reasons of what the last import refused, as it writes them. */
function refusedIn(folder) {
  const path = join(folder, 'refused.ndjson');
  return existsSync(path) ? linesIn(readFileSync(path, 'utf8')) : [];
}

/** The summary of an import of the same file. It ends with 3, because the same lines are refused. */
function importAgain(folder, env) {
  const args = ['import', 'accounts.ndjson', '--default', 'age=0', '--json'];
  return JSON.parse(spawnSync('sallyport', args, { cwd: folder, env, encoding: 'utf8' }).stdout);
}

const linesIn = (text) => text.split('\n').filter((line) => line !== '');
