import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sql from 'sql-template-tag';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDirectory } from '../src/directory-lock.ts';
import { openPglite } from '../src/pglite.ts';

let parent: string;
let directory: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'sallyport-pglite-'));
  directory = join(parent, 'database');
});
afterEach(() => rm(parent, { recursive: true }));

const taken = { message: expect.stringMatching(/^Another process uses the database in .*: stop it first/) };

describe('lockDirectory', () => {
  it('makes the directory, for the owner’s eyes only', async () => {
    const lock = await lockDirectory(join(directory, 'deep'));
    expect((await stat(join(directory, 'deep'))).mode & 0o777).toBe(0o700);
    await lock.release();
  });

  it('gives it to one of several at once, and to the next once it is released', async () => {
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => lockDirectory(directory)));
    const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const refusals = results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
    expect(locks).toHaveLength(1);
    for (const refusal of refusals) expect(refusal).toMatchObject(taken);
    await locks[0]?.release();
    await (await lockDirectory(directory)).release();
  });

  it('gives it to the next when the process that had it is killed', async () => {
    await mkdir(directory);
    const script = `
      const { openSync } = require('node:fs');
      console.log(require('fs-native-extensions').tryLock(openSync(process.argv[1], 'a+')));
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['-e', script, join(directory, '.lock')], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(String((await once(holder.stdout, 'data'))[0])).toBe('true\n');
    await expect(lockDirectory(directory)).rejects.toMatchObject(taken);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await (await lockDirectory(directory)).release();
  });
});

describe('openPglite', () => {
  it('has a directory to itself while it is open, and finds there what was committed when it is opened again', async () => {
    const first = await openPglite(directory);
    await expect(openPglite(directory)).rejects.toMatchObject(taken);
    await first.query(sql`create table things (name text)`);
    await first.transaction(({ query }) => query(sql`insert into things values ('kept')`));
    const broken = first.transaction(async ({ query }) => {
      await query(sql`insert into things values ('rolled back')`);
      throw new Error('No');
    });
    await expect(broken).rejects.toThrow('No');
    await first.close();

    const second = await openPglite(directory);
    expect(await second.query(sql`select name from things`)).toEqual([{ name: 'kept' }]);
    await second.close();
  });

  it.each(['a database that lost its PG_VERSION', 'other files'])('leaves %s alone, and says why', async (what) => {
    const pgdata = join(directory, 'pgdata');
    if (what === 'other files') {
      await mkdir(pgdata, { recursive: true });
      await writeFile(join(pgdata, 'base'), 'of another world');
    } else {
      await (await openPglite(directory)).close();
      await rm(join(pgdata, 'PG_VERSION'));
    }
    const contents = async () => {
      const names = (await readdir(pgdata, { recursive: true })).toSorted();
      return Promise.all(['', ...names].map(async (name) => [name, (await stat(join(pgdata, name))).mtimeMs]));
    };
    const before = await contents();
    const reason = 'its pgdata has files but no PG_VERSION, so it is not a whole database. Restore it from a backup';
    const message = `The database in ${directory} cannot be opened: ${reason}`;
    await expect(openPglite(directory)).rejects.toMatchObject({ message });
    expect(await contents()).toEqual(before);
  });

  it('releases a directory whose contents cannot be opened', async () => {
    await mkdir(join(directory, 'pgdata'), { recursive: true });
    await writeFile(join(directory, 'pgdata', 'PG_VERSION'), 'of another world');
    const sentence = `The database in ${directory} cannot be opened: PGlite failed to initialize properly`;
    await expect(openPglite(directory)).rejects.toMatchObject({ message: sentence });
    await (await lockDirectory(directory)).release();
  });

  it('takes the access of others away from every file of an earlier version, and from those that PGlite creates', async () => {
    await mkdir(directory);
    await chmod(directory, 0o777);
    await (await openPglite(directory)).close();
    const names = await readdir(directory, { recursive: true });
    for (const name of names) {
      const path = join(directory, name);
      await chmod(path, (await stat(path)).isDirectory() ? 0o777 : 0o666);
    }
    const database = await openPglite(directory);
    expect((await stat(directory)).mode & 0o777).toBe(0o777);
    for (const name of await readdir(directory, { recursive: true })) {
      const status = await stat(join(directory, name));
      expect([name, status.mode & 0o777]).toEqual([name, status.isDirectory() ? 0o700 : 0o600]);
    }
    await database.close();
  });

  it('speaks of values and errors as Postgres does', async () => {
    const database = await openPglite();
    const [row] = await database.query(sql`select 9007199254740991 as big, ${undefined}::text as nothing`);
    expect(row).toEqual({ big: 9_007_199_254_740_991, nothing: null });
    const refused = await database.query(sql`select ${'hunter2'}::text::bigint`).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'SqlError', code: '22P02' });
    expect(String(refused)).not.toContain('hunter2');
    // What meets a deferred constraint is refused by the commit.
    await database.query(
      sql`create table pairs (id int primary key, other int references pairs deferrable initially deferred)`,
    );
    const orphan = database.transaction(({ query }) => query(sql`insert into pairs values (1, 2)`));
    await expect(orphan).rejects.toMatchObject({ name: 'SqlError', code: '23503' });

    await database.close();
    const unavailable = { name: 'SallyportError', code: 'unavailable' };
    await expect(database.query(sql`select 1`)).rejects.toMatchObject(unavailable);
    await expect(database.transaction(({ query }) => query(sql`select 1`))).rejects.toMatchObject(unavailable);
  });
});
