import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openPglite } from '@sallyport/adapters-postgres/pglite';
import manifest from '../package.json' with { type: 'json' };

const cache = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url));
const template = join(cache, `pglite-${manifest.dependencies['@electric-sql/pglite']}`);

/** Puts an empty database there. To make one takes PGlite seconds, so that one is made, of each version, and copied. */
export async function copyEmptyDatabase(directory: string): Promise<void> {
  const copy = () => cp(template, directory, { recursive: true });
  await copy().catch(async () => {
    await makeTemplate();
    await copy();
  });
}

async function makeTemplate(): Promise<void> {
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'pglite-'));
  await (await openPglite(draft)).close();
  // Of several that are made at once the first one counts.
  await rename(draft, template).catch(() => rm(draft, { recursive: true }));
}
