/** A step of the build: lets PGlite run initdb and packs what it made, once for each version of PGlite. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { archiveOfEmptyDatabase } from './dist/empty-database.js';

const archive = await archiveOfEmptyDatabase();
if (!existsSync(archive)) {
  const dist = new URL('.', archive);
  for (const name of await readdir(dist)) if (name.startsWith('pgdata-')) await rm(new URL(name, dist));
  const draft = new URL(`pgdata-${process.pid}.draft`, dist);
  await writeFile(draft, compress(await packEmptyDatabase()));
  await rename(draft, archive);
}

/** Packed while it is stopped: one that is packed while it runs would have to recover at its first start. */
async function packEmptyDatabase() {
  const { PGlite } = await import('@electric-sql/pglite');
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-pgdata-'));
  try {
    await (await PGlite.create(directory)).close();
    const stopped = await PGlite.create({ dataDir: directory, noInitDb: true });
    return Buffer.from(await (await stopped.dumpDataDir('none')).arrayBuffer());
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The three databases in it are alike, which only a window that spans them shows: gzip's result is three times as big. */
function compress(tar) {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_MAX_WINDOW_BITS } = constants;
  return brotliCompressSync(tar, {
    params: { [BROTLI_PARAM_QUALITY]: 9, [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS },
  });
}
