import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IncompleteDatabaseError } from './empty-database.ts';

/** The codes of the system (errno) that an operator can do something about. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space, or no inode, is left on its disk',
  EDQUOT: 'the quota on its disk is used up',
  EROFS: 'its file system is read-only',
  EACCES: 'this user may not read or write all of it',
  EPERM: 'this user may not read or write all of it',
};

/** More bytes than PGlite writes when it opens a database. */
const probeSize = 1 << 20;

/** Why the database in a directory could not be created or opened, as a sentence for the operator. */
export async function whyNotOpened(directory: string, error: unknown): Promise<Error> {
  const reason =
    knownReason(error) ?? (await probe(directory)) ?? (await probe(join(directory, 'pgdata'))) ?? messageOf(error);
  return new Error(`The database in ${directory} cannot be opened: ${reason}`, { cause: error });
}

function knownReason(error: unknown): string | undefined {
  return error instanceof IncompleteDatabaseError ? error.message : systemReason(error);
}

function systemReason(error: unknown): string | undefined {
  const { code, syscall } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (typeof code !== 'string' || syscall === undefined) return undefined;
  return reasons[code] ?? messageOf(error);
}

/** PGlite does not say what the system said, so the same is tried again. */
async function probe(directory: string): Promise<string | undefined> {
  const file = join(directory, `.probe-${randomUUID()}`);
  try {
    await writeFile(file, Buffer.alloc(probeSize), { mode: 0o600, flag: 'wx' });
    return undefined;
  } catch (error) {
    return systemReason(error);
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message ? error.message : 'PGlite gave no reason';
}
