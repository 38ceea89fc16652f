import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const othersBits = 0o077;

/**
 * Takes the access of others away from a directory and all that is in it, whatever created it. A link stays as it is. A
 * file system or an owner that does not allow it is no error: such files are not this process's.
 */
export async function makePrivate(directory: string): Promise<void> {
  await takeAccess(directory);
  const entries = await readdir(directory, { recursive: true });
  await Promise.all(entries.map((entry) => takeAccess(join(directory, entry))));
}

/** Takes the access of others away from one file or directory. */
export async function takeAccess(path: string): Promise<void> {
  try {
    const status = await lstat(path);
    if (!status.isSymbolicLink() && (status.mode & othersBits) !== 0) await chmod(path, status.mode & 0o700);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // A file may be gone since it was listed.
    if (!['ENOENT', 'EPERM', 'EROFS', 'ENOTSUP', 'ENOSYS'].includes(code)) throw error;
  }
}
