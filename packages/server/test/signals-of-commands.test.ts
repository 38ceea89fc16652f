import { writeFile } from 'node:fs/promises';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { eachInADirectory, holdMigrations, untilWaiting } from './sallyport-process.ts';

const { path, start, end } = eachInADirectory();

/** Sends a signal to a migration that waits, and returns how it ends. Another one completes afterwards. */
async function interrupt(signal: NodeJS.Signals, environment: Record<string, string> = {}) {
  const { url } = await createDatabase();
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await other.query(holdMigrations);
  const migration = start(['migrate'], { DATABASE_URL: url, ...environment });
  await untilWaiting(other, 1);
  migration.kill(signal);
  const { code, signal: diedOf } = await migration.ended;
  await other.end();
  expect(await end(['migrate'], { DATABASE_URL: url })).toMatchObject({ code: 0 });
  return { code, diedOf };
}

describe('a command that receives a signal', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('ends as process 1 of a container, where the kernel does not end it: %s', async (signal, code) => {
    await writeFile(path('first.cjs'), `Object.defineProperty(process, 'pid', { value: 1 });`);
    const environment = { NODE_OPTIONS: `--require ${path('first.cjs')}` };
    expect(await interrupt(signal, environment)).toEqual({ code, diedOf: null });
  });

  it('dies of it elsewhere, as a shell expects', async () => {
    expect(await interrupt('SIGINT')).toEqual({ code: null, diedOf: 'SIGINT' });
  });
});
