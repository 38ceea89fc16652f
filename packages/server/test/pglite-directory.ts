import { cpSync, existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@sallyport/adapters-postgres';
import { openPglite } from '@sallyport/adapters-postgres/pglite';

/** In the folder of the run. */
const template = join(tmpdir(), 'pglite-template');

/** Puts a database there that is migrated and empty. To make one takes seconds, so a run makes one and copies it. */
export async function copyEmptyDatabase(directory: string): Promise<void> {
  if (!existsSync(template)) await makeTemplate();
  cpSync(template, directory, { recursive: true });
}

async function makeTemplate(): Promise<void> {
  const draft = await mkdtemp(join(tmpdir(), 'pglite-draft-'));
  const database = await openPglite(draft);
  await migrate(database);
  await database.close();
  // Of several that are made at once the first one counts.
  await rename(draft, template).catch(() => rm(draft, { recursive: true }));
}
