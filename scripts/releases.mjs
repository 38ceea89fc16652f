import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The last commit of the first version. */
const firstVersion = '013c3c9';

/** Checks the first version out into a new folder, installs and builds it. */
export function installFirstVersion(folder) {
  mkdirSync(folder);
  const archive = execFileSync('git', ['archive', firstVersion], { cwd: root, maxBuffer: 1 << 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  const run = (...command) => execFileSync('npm', command, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  run('ci', '--ignore-scripts', '--no-audit', '--no-fund');
  run('exec', '--', 'tsc', '-b', 'packages/server');
}

/**
 * What a later release adds to the tables: a column of accounts, its backfill and an index. It keeps to the rules for
 * migrations, so this release works with it.
 */
const expansion = {
  '0002_locale': '-- Locks: users ACCESS EXCLUSIVE\nalter table users add column locale text;',
  'concurrent/users_locale': 'create index concurrently users_locale on users (locale, id);',
  'backfills/0002_locale': `update users set locale = 'en'
where id in (select id from users where locale is null order by id limit 1000) returning id;`,
};

/** Copies this release, as it is built, into a new folder, with the migrations of a later one. */
export function makeLaterRelease(folder) {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@sallyport'), { recursive: true });
  cpSync(join(root, 'packages'), join(folder, 'packages'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@sallyport') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const name of readdirSync(join(folder, 'packages'))) {
    symlinkSync(join(folder, 'packages', name), join(modules, '@sallyport', name));
  }
  const migrations = join(folder, 'packages/adapters-postgres/migrations/core');
  mkdirSync(join(migrations, 'backfills'), { recursive: true });
  for (const [name, text] of Object.entries(expansion)) writeFileSync(join(migrations, `${name}.sql`), text);
}
