import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { shortLived } from '../../../test/short-lived.ts';
import { notes } from '../../../test/secrecy.mjs';
import { keepLog } from './kept-log.ts';

const launcher = fileURLToPath(new URL('../bin/sallyport.cjs', import.meta.url));
const compiled = JSON.stringify(new URL('../dist/cli.js', import.meta.url));
const fromModules = [
  '--input-type=module',
  '--eval',
  `import { main } from ${compiled}; process.exit(await main(process.argv.slice(1)));`,
  '--',
];

/** How a process ended, and what it had said by then. */
interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The log aside. */
  readonly stdout: string;
  /** The entries of the log. */
  readonly log: readonly any[];
  readonly stderr: string;
}

/** The real process, as an operator starts it. */
export interface SallyportProcess {
  /** Where it listens; rejects when it ends before that. */
  readonly url: Promise<string>;
  readonly ended: Promise<Ending>;
  /** What it told people so far. */
  told(): string;
  kill(signal: NodeJS.Signals): void;
  /** Stops it in order, without the time that SIGTERM gives a load balancer. */
  stop(): Promise<Ending>;
}

type Environment = Readonly<Record<string, string>>;

const running = new Set<ChildProcess>();

/** An empty directory for each test of a file, in which it runs the command line. */
export function eachInADirectory() {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sallyport-process-'));
  });
  afterEach(async () => {
    for (const child of running) child.kill('SIGKILL');
    const generated = await readFile(join(directory, 'data/secret.key'), 'utf8').catch(() => '');
    notes.credentials(generated.trim());
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  return {
    path: (name: string) => join(directory, name),
    serve: (environment?: Environment) => run(['serve'], directory, environment),
    /** Runs the server from the compiled modules, each of which is loaded from its own package, not from the bundle. */
    serveFromModules: (environment?: Environment) => run(['serve'], directory, environment, fromModules),
    /** Runs any command. */
    start: (args: readonly string[], environment?: Environment) => run(args, directory, environment),
    /** Runs what ends by itself. */
    end: (args: readonly string[], environment?: Environment) => run(args, directory, environment).ended,
  };
}

/** It knows nothing of this process's own environment. */
function run(
  args: readonly string[],
  directory: string,
  environment: Environment = {},
  launching: readonly string[] = [launcher],
): SallyportProcess {
  notes.environment(environment);
  const child = spawn(process.execPath, [...shortLived, ...launching, ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'trace', RATE_LIMITS: 'off', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));

  const ended = once(child, 'close').then(([code, signal]): Ending => {
    running.delete(child);
    keepLog(stdout + stderr);
    const entries = [...(stdout.match(logLines) ?? []), ...(stderr.match(logLines) ?? [])];
    return {
      code: code as Ending['code'],
      signal: signal as Ending['signal'],
      stdout: stdout.replaceAll(logLines, ''),
      log: entries.map((line): unknown => JSON.parse(line)),
      stderr: stderr.replaceAll(logLines, ''),
    };
  });
  const url = new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const [, address] = /listens on (\S+),.*\n(?: .*\n)+/.exec(stderr) ?? [];
      if (address) resolve(address);
    });
    void ended.then(() => reject(new Error(`It ended before it listened:\n${stderr}`)));
  });
  url.catch(() => {});

  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  return {
    url,
    ended,
    kill,
    told: () => stderr,
    stop() {
      kill('SIGINT');
      return ended;
    },
  };
}

const logLines = /^\{"level":.*\n/gm;

/** Sends JSON, or asks where there is nothing to send. */
export async function send(url: string, path: string, body?: unknown, token?: string) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(url + path, {
    headers,
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  const answer: { status: number; body: any } = { status: response.status, body: await response.json() };
  return answer;
}

export const ada = { name: 'Ada', email: 'ada@example.com', password: 'secret123', age: 36 };

/** An access token. */
export async function login(url: string, { email, password }: { email: string; password: string }): Promise<string> {
  const { status, body } = await send(url, '/auth/login', { email, password });
  if (status !== 200) throw new Error(`Login answered ${status}`);
  return body.access_token;
}

/** Registers Ada and logs her in. */
export async function registerAndLogin(url: string): Promise<string> {
  const { status } = await send(url, '/auth/register', ada);
  if (status !== 201) throw new Error(`Registration answered ${status}`);
  return login(url, ada);
}

/** Has every migration of the schema `sallyport` wait until the connection ends that says this. */
export const holdMigrations = `select pg_advisory_lock(hashtextextended('sallyport migrations of sallyport', 0))`;

/** Until so many connections to this database wait for a lock. */
export const untilWaiting = (client: pg.Client, count: number) =>
  vi.waitFor(
    async () => {
      // Inside a transaction, what was seen once would be shown again.
      await client.query('select pg_stat_clear_snapshot()');
      const { rowCount } = await client.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(rowCount).toBe(count);
    },
    { timeout: 30_000, interval: 20 },
  );

/** A Postgres of a test's own, as the environment names it. */
export async function onPostgres() {
  return { DATABASE_URL: (await createDatabase()).url, SECRET_KEY: 'a secret key for tests, long enough' };
}
