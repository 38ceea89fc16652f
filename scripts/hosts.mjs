/**
 * Shows that the API mounts in each host of `examples/hosts`: packs the packages, installs the examples from them in an
 * empty folder, starts each one and calls it. Then it follows the guides that can be run. Names of hosts may follow.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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
const failures = [];

execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
const work = mkdtempSync(join(tmpdir(), 'sallyport-hosts-'));
try {
  const folder = join(work, 'hosts');
  const isOurs = (path) => !['node_modules', 'dist', 'data', 'outbox', '.next'].includes(basename(path));
  cpSync(join(root, 'examples/hosts'), folder, { recursive: true, filter: isOurs });
  await withRegistry(packAll(root, work), (env) => install(folder, env));
  const waiting = [...names];
  const takeAll = async () => {
    for (let name = waiting.shift(); name; name = waiting.shift()) await attempt(folder, name);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, takeAll));
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

/** Builds a host if it has to be built, and tries it. */
async function attempt(hosts, name) {
  const started = performance.now();
  const folder = join(hosts, name);
  try {
    if (!existsSync(folder)) throw new Error(`The hosts are ${Object.keys(mountPaths).join(', ')}`);
    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    if (scripts.build) await run(['npm', 'run', '--silent', 'build'], { cwd: folder, env: buildEnvironment() });
    await tryHost(folder, mountPaths[name]);
    console.log(`ok     ${name.padEnd(10)} ${((performance.now() - started) / 1000).toFixed(0)} s`);
  } catch (error) {
    failures.push(`${name}: ${error.message}`);
    console.log(`FAILED ${name}`);
  }
}

function buildEnvironment() {
  return { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
}
