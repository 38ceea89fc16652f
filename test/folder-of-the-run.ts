import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
const gibibyte = 2 ** 30;

/**
 * Gives the run its own folder for temporary files, and removes it at the end. If possible, the folder is in memory:
 * the tests write thousands of database files, which would take ten times as long on a disk.
 */
export async function setup(): Promise<() => Promise<void>> {
  const before = process.env['TMPDIR'];
  const folder = await mkdtemp(join((await hasRoomInMemory()) ? memory : tmpdir(), 'sallyport-run-'));
  // If root runs the tests, Postgres runs as another user, which must reach its own folder through this one.
  await chmod(folder, 0o711);
  // The workers inherit this environment.
  process.env['TMPDIR'] = folder;
  return async () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}

async function hasRoomInMemory(): Promise<boolean> {
  if (!existsSync(memory)) return false;
  const { bavail, bsize } = await statfs(memory);
  return bavail * bsize > 2 * gibibyte && freemem() > 4 * gibibyte;
}
