import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveOfEmptyDatabase, makeEmptyDatabase } from '../src/empty-database.ts';
import { openPglite } from '../src/pglite.ts';

const require = createRequire(import.meta.url);
const built = new URL('../dist/empty-database.js', import.meta.url).href;

let directory: string;
let dataDir: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sallyport-empty-'));
  dataDir = join(directory, 'pgdata');
});
afterEach(() => rm(directory, { recursive: true }));

describe('the packed empty database', () => {
  it('is of the installed version of PGlite, and the build has packed it', async () => {
    const manifest = join(dirname(require.resolve('@electric-sql/pglite')), '../package.json');
    const { version } = require(manifest);
    const archive = fileURLToPath(await archiveOfEmptyDatabase());
    expect(archive).toBe(join(import.meta.dirname, '../dist', `pgdata-${version}.tar.br`));
    expect((await stat(archive)).size).toBeGreaterThan(1_000_000);
  });
});

describe('makeEmptyDatabase', () => {
  it('makes files and directories that their owner alone may read', async () => {
    await makeEmptyDatabase(dataDir);
    const names = await readdir(dataDir, { recursive: true });
    expect(names.length).toBeGreaterThan(900);
    for (const name of ['', ...names]) {
      const { mode } = await stat(join(dataDir, name));
      expect([name, mode & 0o777]).toEqual([name, mode & 0o040000 ? 0o700 : 0o600]);
    }
  });

  it('leaves nothing behind that takes the room of a full disk', async () => {
    const header = Buffer.alloc(1024);
    header.write('missing/file', 0);
    header.write('00000000001', 124);
    await expect(makeEmptyDatabase(dataDir, async () => header)).rejects.toThrow('ENOENT');
    expect(await readdir(directory)).toEqual([]);
  });

  it('leaves a directory alone that has contents', async () => {
    const database = await openPglite(directory);
    await database.query({ text: 'create table kept ()', values: [] });
    await database.close();
    await makeEmptyDatabase(dataDir);
    const again = await openPglite(directory);
    expect(await again.query({ text: 'select from kept', values: [] })).toEqual([]);
    await again.close();
  });

  it('starts again after a first start that was killed while it unpacked', async () => {
    const script = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { writeFileSync } = fs;
      let files = 0;
      fs.writeFileSync = (...args) => {
        files += 1;
        if (files === 500) process.kill(process.pid, 'SIGKILL');
        writeFileSync(...args);
      };
      syncBuiltinESMExports();
      const { makeEmptyDatabase } = await import(${JSON.stringify(built)});
      await makeEmptyDatabase(${JSON.stringify(dataDir)});`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(await readdir(directory)).toEqual(['pgdata.draft']);
    expect((await readdir(`${dataDir}.draft`, { recursive: true })).length).toBeGreaterThan(499);

    const database = await openPglite(directory);
    expect(await readdir(directory)).toEqual(['.lock', 'pgdata']);
    const broken = {
      text: 'select oid from pg_class where relkind = $1 and pg_relation_size(oid) is null',
      values: ['r'],
    };
    expect(await database.query(broken)).toEqual([]);
    await database.close();
    expect((await readdir(dataDir, { recursive: true })).length).toBeGreaterThan(900);
  });
});
