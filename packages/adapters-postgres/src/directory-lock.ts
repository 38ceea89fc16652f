import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { tryLock, unlock } from 'fs-native-extensions';

/** A directory that belongs to this process until it is released. */
export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * Takes a directory for this process alone, and makes it where it is missing. The lock is the kernel's, so
 * that it ends with the process, however that ends.
 *
 * @throws Error a sentence that names the directory, when another process has it
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = await open(join(directory, '.lock'), 'a+', 0o600);
  if (!tryLock(file.fd)) {
    await file.close();
    throw new Error(`Another process uses the database in ${directory}: stop it first, or choose another directory`);
  }
  return {
    async release() {
      unlock(file.fd);
      await file.close();
    },
  };
}
