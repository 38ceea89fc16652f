import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { migrate, openPg } from '../src/index.ts';

const script = fileURLToPath(new URL('joining-process.mjs', import.meta.url));
let url: string;
let operator: pg.Client;

beforeAll(async () => {
  ({ url } = await createDatabase());
  const database = openPg(url);
  await migrate(database);
  await database.close();
  operator = new pg.Client({ connectionString: url });
  await operator.connect();
  await operator.query('create table customers (id bigint primary key)');
});
afterAll(() => operator.end());

/** Runs the process until it has done this step, kills it, and returns what it printed. */
async function killedAfter(step: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, [script, url, step], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (line === step) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return lines;
}

/** The rows of the account, its mail, its audit entry and the host, once the connections of the process are gone. */
async function counts(): Promise<readonly number[]> {
  await vi.waitFor(async () => {
    const { rows } = await operator.query(
      `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    expect(rows).toEqual([]);
  }, 20_000);
  const { rows } = await operator.query<Record<string, string>>(`
    select (select count(*) from sallyport.users) as accounts, (select count(*) from sallyport.outbox) as mails,
      (select count(*) from sallyport.audit) as audit, (select count(*) from customers) as own`);
  await operator.query('truncate customers, sallyport.users, sallyport.outbox, sallyport.audit');
  return Object.values(rows[0] ?? {}).map(Number);
}

describe('a host that is killed in its transaction', () => {
  it.each(['begun', 'registered', 'inserted'])('leaves nothing, after it has %s', async (step) => {
    expect(await killedAfter(step)).not.toContain('event user.registered');
    expect(await counts()).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['committed', []],
    ['reported', ['event user.registered']],
  ])('leaves everything once, after it has %s', async (step, events) => {
    expect((await killedAfter(step)).filter((line) => line.startsWith('event'))).toEqual(events);
    expect(await counts()).toEqual([1, 1, 1, 1]);
  });
});
