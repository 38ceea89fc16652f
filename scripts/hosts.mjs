/**
 * Shows that the API mounts in each host of `examples/hosts`: packs the packages, installs the examples from them in an
 * empty folder, starts each one and calls it. Then it follows the guide for Express. Names of hosts may
 * follow: these alone are tried.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { attemptAll } from './attempts.mjs';
import { countCommands, countLines } from './guides/blocks.mjs';
import { followGuide } from './guides/follow.mjs';
import { tryHost } from './hosts/trial.mjs';
import { packAll } from './packages/pack.mjs';
import { withRegistry } from './packages/registry.mjs';
import { install, run } from './packages/run.mjs';

/** The path of the API in each host. The slowest are first. */
const mountPaths = {
  next: '/api',
  nest: '/accounts',
  express: '/accounts',
  fastify: '/accounts',
  hono: '/accounts',
  koa: '/api',
  'node-http': '/accounts',
};

const root = join(import.meta.dirname, '..');
const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : Object.keys(mountPaths);

execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
const work = mkdtempSync(join(tmpdir(), 'sallyport-hosts-'));
try {
  const folder = join(work, 'hosts');
  const isOurs = (path) => !['node_modules', 'dist', 'data', 'outbox', '.next'].includes(basename(path));
  cpSync(join(root, 'examples/hosts'), folder, { recursive: true, filter: isOurs });
  await withRegistry(packAll(root, work), async (env) => {
    await install(folder, env);
    const attempts = names.map((name) => ({ name, step: () => buildAndTry(join(folder, name), mountPaths[name]) }));
    if (asked.length === 0) attempts.push({ name: 'the guide for Express', step: () => followExpressGuide(env) });
    await attemptAll(attempts);
  });
} finally {
  rmSync(work, { recursive: true, force: true });
}
/** Builds a host if it has to be built, and tries it. */
async function buildAndTry(folder, mountPath) {
  if (!existsSync(folder)) throw new Error(`The hosts are ${Object.keys(mountPaths).join(', ')}`);
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  if (scripts.build) await run(['npm', 'run', '--silent', 'build'], { cwd: folder, env });
  await tryHost(folder, mountPath);
}

/** Follows the guide as it is printed. It says how much a reader has to write, and prints the accounts of the examples. */
async function followExpressGuide(env) {
  const blocks = await followGuide(join(root, 'docs/embed-express.md'), env);
  assert.equal(countCommands(blocks), 6, 'The guide says how many commands it takes');
  assert.equal(countLines(blocks), 25, 'The guide says how many lines it takes');
  const { text } = blocks.find(({ name }) => name === 'accounts.js');
  assert.equal(text, readFileSync(join(root, 'examples/hosts/accounts/accounts.js'), 'utf8'));
}
