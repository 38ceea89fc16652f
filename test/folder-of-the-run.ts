import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
const gibibyte = 2 ** 30;

/**
 * Gives the run a folder of its own for temporary files, and removes it at the end. Where there is room in memory it
 * is there: the tests write thousands of files of databases, which a disk takes ten times as long for.
 */
export async function setup(): Promise<() => Promise<void>> {
  const before = process.env['TMPDIR'];
  const folder = await mkdtemp(join((await hasRoomInMemory()) ? memory : tmpdir(), 'sallyport-run-'));
  // Where root runs the tests, Postgres is another user, who passes through to a folder of its own.
  await chmod(folder, 0o711);
  // The workers are started with this environment.
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
