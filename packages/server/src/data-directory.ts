import { mkdir, mkdtemp, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from './config.ts';

/**
 * Makes a directory, for the owner's eyes only, where there is none, and sees that it can be written to.
 *
 * @param name what to call it where that fails: the variable that leads there
 * @throws ConfigError when it cannot be made or written to
 */
export async function makeDirectory(directory: string, name: string): Promise<void> {
  try {
    await makeEach(directory);
    // Permissions do not tell the whole of it: root is let in everywhere, and some file systems take nothing.
    await rmdir(await mkdtemp(join(directory, '.writable-')));
  } catch (error) {
    throw new ConfigError(`${name} cannot be made or written to: ${(error as Error).message}`);
  }
}

/** Node's own way to make all that is missing does not end where a parent is there and takes no child, as in /proc. */
async function makeEach(directory: string): Promise<void> {
  const isMissing = await make(directory);
  if (!isMissing || dirname(directory) === directory) return;
  await makeEach(dirname(directory));
  if (await make(directory)) throw new Error(`nothing can be made in ${dirname(directory)}`);
}

/** Says whether its parent is missing, as far as the file system tells. */
async function make(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return true;
    if (code !== 'EEXIST') throw error;
  }
  return false;
}
