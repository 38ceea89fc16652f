/**
 * Follows the guides in `docs/migrate` as they are printed, each in an empty folder, with the packages of this repository
 * as they would be published and with a database that the old system has made. Names of systems may follow: the guides
 * of these alone are followed.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { attemptAll } from './attempts.mjs';
import { followGuide } from './guides/follow.mjs';
import { migrationOf } from './guides/migration.mjs';
import { packAll } from './packages/pack.mjs';
import { withRegistry } from './packages/registry.mjs';
import { withPostgres } from './postgres.mjs';
import { findProgram } from './programs.mjs';

const systems = ['fastapi', 'django', 'better-auth', 'supabase', 'keycloak', 'firebase'];

const root = join(import.meta.dirname, '..');
const asked = process.argv.slice(2);

for (const [program, debianPackage] of [
  ['/usr/bin/psql', 'postgresql-client'],
  ['/usr/bin/sqlite3', 'sqlite3'],
]) {
  findProgram([program], debianPackage);
}
execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
const work = mkdtempSync(join(tmpdir(), 'sallyport-migrations-'));
try {
  await withRegistry(packAll(root, work), (env) => withPostgres((postgres) => followAll(env, postgres)));
} finally {
  rmSync(work, { recursive: true, force: true });
}
/** What a guide installs globally is in a folder of this run, which all of them share. */
async function followAll(env, postgres) {
  const PATH = [join(work, 'global/bin'), process.env.PATH].join(delimiter);
  const installed = { ...env, PATH, npm_config_prefix: join(work, 'global') };
  const setUp = new Map();
  const follow = async (system) => {
    const { path, env: given, beside } = migrationOf(system, postgres, installed);
    await followGuide(path, given, { ...beside, setUp });
  };
  const names = asked.length > 0 ? asked : systems;
  await attemptAll(names.map((name) => ({ name, step: () => follow(name) })));
}
