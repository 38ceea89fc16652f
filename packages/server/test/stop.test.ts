import { once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { eachInADirectory, holdMigrations, onPostgres, untilWaiting } from './sallyport-process.ts';

const { serve } = eachInADirectory();
const memory = { DATABASE_URL: 'memory:' };

async function ask(url: string) {
  const { status, headers } = await fetch(url);
  return { status, connection: headers.get('Connection') };
}

describe('SIGTERM', () => {
  it('fails readiness first, and answers late requests with `Connection: close`', async () => {
    const server = serve(memory);
    const url = await server.url;
    expect(await ask(`${url}/health/ready`)).toEqual({ status: 200, connection: 'keep-alive' });
    server.kill('SIGTERM');
    await vi.waitFor(async () => expect((await ask(`${url}/health/ready`)).status).toBe(503), 10_000);
    for (let count = 0; count < 20; count += 1) {
      expect(await ask(`${url}/posts`)).toEqual({ status: 200, connection: 'close' });
      expect(await ask(`${url}/health/live`)).toEqual({ status: 200, connection: 'close' });
      expect(await ask(`${url}/health/ready`)).toEqual({ status: 503, connection: 'close' });
    }
    expect(await server.ended).toMatchObject({ code: 0, signal: null });
  });

  it('does not wait for a client that has connected and sends nothing', async () => {
    const server = serve(memory);
    const { port } = new URL(await server.url);
    const silent = connect(Number(port), '127.0.0.1');
    await once(silent, 'connect');
    const cut = once(silent, 'close');
    server.kill('SIGTERM');
    await cut;
    expect(await server.ended).toMatchObject({ code: 0 });
  });

  it('during a start that waits for another node to migrate ends it, and nothing has listened', async () => {
    const environment = await onPostgres();
    const other = new pg.Client({ connectionString: environment.DATABASE_URL });
    await other.connect();
    await other.query(holdMigrations);
    const server = serve(environment);
    await untilWaiting(other, 1);
    server.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    const { rows } = await other.query("select 1 from pg_namespace where nspname = 'sallyport'");
    expect(rows).toEqual([]);
    await other.end();
  });
});

describe('in the middle of a migration', () => {
  it.each([
    ['SIGTERM', { code: 0, signal: null, stderr: '' }],
    ['SIGKILL', { code: null, signal: 'SIGKILL', stderr: '' }],
  ] as const)('%s leaves nothing of it, and the next start takes every step', async (signal, ending) => {
    const environment = await onPostgres();
    const other = new pg.Client({ connectionString: environment.DATABASE_URL });
    await other.connect();
    await other.query('create schema sallyport');
    // In the way of the first step, until it is decided what becomes of this table.
    await other.query('begin');
    await other.query('create table sallyport.one_time_tokens ()');
    const server = serve(environment);
    await untilWaiting(other, 1);
    server.kill(signal);
    expect(await server.ended).toMatchObject(ending);
    await other.query('rollback');
    const tables = "select from pg_tables where schemaname = 'sallyport'";
    await vi.waitFor(async () => expect((await other.query(tables)).rows).toEqual([]), 10_000);
    const next = serve(environment);
    expect((await fetch(`${await next.url}/health/ready`)).status).toBe(200);
    expect((await next.stop()).code).toBe(0);
    await other.end();
  });
});

describe('SIGINT', () => {
  it('stops without waiting for requests to cease', async () => {
    const server = serve(memory);
    const url = await server.url;
    server.kill('SIGINT');
    await vi.waitFor(() => expect(ask(`${url}/posts`)).rejects.toThrow('fetch failed'), {
      timeout: 5_000,
      interval: 50,
    });
    expect(await server.ended).toMatchObject({ code: 0, signal: null });
  });
});
