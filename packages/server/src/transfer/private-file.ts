import { open, rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';

/** Opens a file for writing that only its owner may read, whatever was there before. */
export async function openPrivate(path: string): Promise<Writable> {
  const file = await open(path, 'w', 0o600);
  await file.chmod(0o600);
  return file.createWriteStream();
}

/**
 * Has `write` write a file that only its owner may read. It appears under its name once it is complete, and replaces
 * the one that was there.
 */
export async function writePrivate(path: string, write: (stream: Writable) => Promise<void>): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await write(await openPrivate(partial));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
