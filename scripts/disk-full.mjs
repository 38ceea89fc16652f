/**
 * Fills the disk of the real server, on the embedded database and on Postgres. A start without room ends with a sentence
 * that names the directory. Writes that fail are refused temporarily, acknowledged data is kept, and everything works
 * again once there is room. The script needs small file systems of its own, so it runs where this user may mount one: on
 * Linux, as root.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { withPostgres } from './postgres.mjs';
import { logIn, newEmail, password } from './people.mjs';
import { asking } from './requests.mjs';
import { addressIn, startServer, stopServer } from './running-server.mjs';

const disk = mkdtempSync(join(tmpdir(), 'sallyport-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=777', 'tmpfs', disk]);
if (mounted.status !== 0) {
  console.log('The disk was not filled: this user may not mount a file system');
  rmSync(disk, { recursive: true });
  process.exit();
}
try {
  for (const limit of [
    'size=100k',
    'size=1m',
    'size=20m',
    'size=38500k',
    'nr_inodes=2',
    'nr_inodes=900',
    'nr_inodes=1005',
  ]) {
    await tryFirstStart(limit);
  }
  await tryFullStart();
  await tryOn('PGlite', {});
  process.env['TMPDIR'] = disk;
  await withPostgres((url) =>
    tryOn('Postgres', { DATABASE_URL: url, SECRET_KEY: 'a secret key for a full disk, long' }),
  );
} finally {
  spawnSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true });
}

async function tryOn(store, environment) {
  const server = startServer(disk, { RATE_LIMITS: 'off', ...environment });
  try {
    const ask = asking(await addressIn(server));
    const acknowledged = [];
    const write = async (count) => {
      const statuses = [];
      for (let n = 0; n < count; n += 1) statuses.push(await register(ask, acknowledged));
      return statuses;
    };
    assert.deepEqual(new Set(await write(5)), new Set([201]));
    fill();
    const full = await write(120);
    rmSync(join(disk, 'filler'), { recursive: true });
    await delay(2000);
    const roomy = await write(5);
    const lost = [];
    for (const email of acknowledged) if ((await logIn(ask, email)).status !== 200) lost.push(email);
    const refused = full.filter((status) => status === 503).length;
    console.log(
      `${store}: of 120 registrations on a full disk ${refused} refused with 503, ${120 - refused} written to what ` +
        `room there was; ${acknowledged.length} acknowledged, ${lost.length} lost`,
    );
    assert.ok(refused > 0, 'The disk was not full');
    assert.deepEqual(new Set(full), new Set([201, 503].slice(refused === 120 ? 1 : 0)));
    assert.deepEqual([roomy, lost], [[201, 201, 201, 201, 201], []]);
  } finally {
    await stopServer(server);
    rmSync(join(disk, 'data'), { recursive: true, force: true });
  }
}

/** A first start on a file system that is too small for it. */
async function tryFirstStart(limit) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-small-'));
  assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', limit, 'tmpfs', folder]).status, 0);
  try {
    await refusesToStart(folder, limit);
  } finally {
    spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true });
  }
}

/** A later start on a disk that has been filled, and one after there is room again. */
async function tryFullStart() {
  const first = startServer(disk);
  await addressIn(first);
  await stopServer(first);
  fill();
  await refusesToStart(disk, 'a full disk');
  rmSync(join(disk, 'filler'), { recursive: true });
  const last = startServer(disk);
  await addressIn(last);
  await stopServer(last);
  rmSync(join(disk, 'data'), { recursive: true });
}

async function refusesToStart(folder, what) {
  const server = startServer(folder);
  const said = await text(server.stderr);
  console.log(`A start on ${what}: ${said.trim()}`);
  assert.match(said, /^.*\bdata\b.*\n$/);
  assert.doesNotMatch(said, /undefined/);
}

/** Fills the disk with ever smaller files, until there is no room for one more byte. */
function fill() {
  const folder = join(disk, 'filler');
  spawnSync('mkdir', [folder]);
  for (const size of [1 << 20, 1 << 12, 1]) {
    for (let n = 0; ; n += 1) {
      try {
        writeFileSync(join(folder, `${size}-${n}`), Buffer.alloc(size));
      } catch (error) {
        assert.equal(error.code, 'ENOSPC');
        break;
      }
    }
  }
}

/** The name is as long as allowed, so that rows take room. */
async function register(ask, acknowledged) {
  const email = newEmail();
  const { status } = await ask('POST /auth/register', { json: { name: 'n'.repeat(50), email, password, age: 36 } });
  if (status === 201) acknowledged.push(email);
  return status;
}
