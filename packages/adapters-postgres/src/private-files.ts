import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const othersBits = 0o077;

/**
 * Takes the access of others away from a directory and all that is in it, whatever created it. A link stays as it is. A
 * file system or an owner that does not allow it is no error: such files are not this process's.
 *
 * It blocks for some tens of milliseconds. A thousand files through the thread pool took half a second of each start.
 */
export function makePrivate(directory: string): void {
  takeAccess(directory);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) makePrivate(path);
    else takeAccess(path);
  }
}

/** Takes the access of others away from one file or directory. */
export function takeAccess(path: string): void {
  try {
    const status = lstatSync(path);
    if (!status.isSymbolicLink() && (status.mode & othersBits) !== 0) chmodSync(path, status.mode & 0o700);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // A file may be gone since it was listed.
    if (!['ENOENT', 'EPERM', 'EROFS', 'ENOTSUP', 'ENOSYS'].includes(code)) throw error;
  }
}
