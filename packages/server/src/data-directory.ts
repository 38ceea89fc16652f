import { mkdir, mkdtemp, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConfigError } from './config.ts';

/**
 * Creates a directory that only its owner may read, if it is missing, and checks that it is writable.
 *
 * @param name the variable that names the directory, for the error
 * @throws ConfigError when it cannot be created or is not writable
 */
export async function makeDirectory(directory: string, name: string): Promise<void> {
  try {
    await makeEach(directory);
    // Permissions are not enough to tell: root may write everywhere, and some file systems are read-only.
    await rmdir(await mkdtemp(join(directory, '.writable-')));
  } catch (error) {
    throw new ConfigError(`${name} cannot be made or written to: ${(error as Error).message}`);
  }
}

/**
 * Creates the missing directories one by one. Node's own recursive mkdir never ends if a parent exists in which nothing
 * can be created, such as /proc.
 */
async function makeEach(directory: string): Promise<void> {
  const isMissing = await make(directory);
  if (!isMissing || dirname(directory) === directory) return;
  await makeEach(dirname(directory));
  if (await make(directory)) throw new Error(`nothing can be made in ${dirname(directory)}`);
}

/** Creates a directory. Returns whether its parent is missing, as far as the file system tells. */
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
