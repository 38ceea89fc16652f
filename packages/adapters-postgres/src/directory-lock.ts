import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { tryLock, unlock } from 'fs-native-extensions';
import { takeAccess } from './private-files.ts';

/** Another process has locked the directory. */
class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
}

/** A directory that is locked by this process until it is released. */
export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * Locks a directory for this process alone, and creates it if it is missing. It is a lock of the kernel, so it ends
 * with the process in any case.
 *
 * @throws DirectoryInUseError a sentence that names the directory, when another process has locked it
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, '.lock');
  const file = await open(path, 'a+', 0o600);
  takeAccess(path);
  if (!tryLock(file.fd)) {
    await file.close();
    throw new DirectoryInUseError(
      `Another process uses the database in ${directory}: stop it first, or choose another directory`,
    );
  }
  return {
    async release() {
      unlock(file.fd);
      await file.close();
    },
  };
}
