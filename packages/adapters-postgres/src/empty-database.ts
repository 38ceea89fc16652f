import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';

/**
 * The place of the empty database that the build creates for the installed version of PGlite. It is the data directory
 * that initdb creates, as a tar file compressed by Brotli. A first start that ran initdb itself would take seconds and
 * 800 MB.
 */
export async function archiveOfEmptyDatabase(): Promise<URL> {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest = await readFile(new URL('../package.json', pathToFileURL(entry)), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return new URL(`../dist/pgdata-${version}.tar.br`, import.meta.url);
}

/**
 * The tar file of an empty database; `undefined` if the archive is missing, or belongs to another version of PGlite.
 */
export async function readEmptyDatabase(): Promise<Buffer | undefined> {
  // A bundle finds neither the version nor the archive, and a checkout without a build has no archive.
  const compressed = await archiveOfEmptyDatabase()
    .then((archive) => readFile(archive))
    .catch(() => undefined);
  return compressed && promisify(brotliDecompress)(compressed);
}

/** A directory contains files, but no whole database. */
export class IncompleteDatabaseError extends Error {
  override readonly name = 'IncompleteDatabaseError';
}

/**
 * Creates an empty database in a directory that is missing or empty. It is created in another directory and renamed, so
 * that an interrupted first start leaves nothing for the next one to open.
 *
 * @throws IncompleteDatabaseError when the directory has other contents than a database. PGlite would overwrite them
 */
export async function makeEmptyDatabase(dataDir: string, read = readEmptyDatabase): Promise<void> {
  const names = await namesIn(dataDir);
  if (names.includes('PG_VERSION')) return;
  if (names.length > 0) {
    throw new IncompleteDatabaseError(
      'its pgdata has files but no PG_VERSION, so it is not a whole database. Restore it from a backup',
    );
  }
  const draft = `${dataDir}.draft`;
  await rm(draft, { recursive: true, force: true });
  try {
    const tar = await read();
    if (tar) unpack(tar, draft);
    else await (await PGlite.create(draft)).close();
    await rename(draft, dataDir);
  } catch (error) {
    // On a full disk, the draft would take the room that is left.
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const blockSize = 512;

/** Unpacks a tar file from PGlite: files and directories with short names. Only their owner may read them. */
function unpack(tar: Buffer, directory: string): void {
  mkdirSync(directory, { mode: 0o700 });
  const field = (start: number, end: number) => tar.toString('latin1', start, end).replace(/\0.*$/s, '');
  for (let header = 0; tar[header];) {
    const contents = header + blockSize;
    const size = parseInt(field(header + 124, header + 136), 8);
    const path = join(directory, field(header, header + 100));
    if (field(header + 156, header + 157) === '5') mkdirSync(path, { mode: 0o700 });
    else writeFileSync(path, tar.subarray(contents, contents + size), { mode: 0o600 });
    header = contents + Math.ceil(size / blockSize) * blockSize;
  }
}
