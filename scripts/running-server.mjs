import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notes, searchRun } from '../test/secrecy.mjs';

/** The command line of the release in a folder. */
export const launcherIn = (release) => join(release, 'packages/server/bin/sallyport.cjs');

const ownLauncher = launcherIn(join(import.meta.dirname, '..'));

/** The folder for the logs of this script's servers. It is searched for credentials when the script ends. */
let logs;

/**
 * Runs `use` against the real server, which keeps its data in an empty folder of its own.
 *
 * @param {(url: string, folder: string) => Promise<void>} use
 * @param {Record<string, string>} environment more variables
 */
export async function withServer(use, environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  const server = startServer(folder, { PUBLIC_URL: 'http://localhost:3000', ...environment });
  try {
    await use(await addressIn(server), folder);
  } finally {
    await stopServer(server);
    rmSync(folder, { recursive: true });
  }
}

/**
 * Starts the real server in this folder, on a free port unless the environment names one. It logs everything that it
 * can. The launcher may be another release's.
 */
export function startServer(folder, environment = {}, launcher = ownLauncher) {
  notes.environment(environment);
  const log = openLog();
  const server = spawn(process.execPath, [launcher, 'serve'], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', ...environment, LOG_LEVEL: 'trace' },
    stdio: ['ignore', log, 'pipe'],
  });
  closeSync(log);
  const generated = join(folder, 'data/secret.key');
  server.once('exit', () => existsSync(generated) && notes.credentials(readFileSync(generated, 'utf8').trim()));
  return server;
}

/** Stops a server with this signal, if it is still running. Returns its exit code, or the signal that ended it. */
export async function stopServer(server, signal = 'SIGTERM') {
  const hasEnded = () => server.exitCode !== null || server.signalCode !== null;
  if (!hasEnded()) {
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }
  return server.exitCode ?? server.signalCode;
}

function openLog() {
  if (logs === undefined) {
    logs = mkdtempSync(join(tmpdir(), 'sallyport-logs-'));
    notes.watchFetch();
    process.on('exit', searchLogs);
  }
  return openSync(join(logs, `${randomUUID()}.log`), 'a');
}

function searchLogs(code) {
  try {
    notes.keep(logs);
    // A failed script has already reported its error, and may not have sent a request.
    if (code === 0) searchRun(logs, randomBytes(16).toString('base64url'));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    rmSync(logs, { recursive: true });
  }
}

/** The address that the server says it listens on. */
export async function addressIn({ stderr }) {
  let said = '';
  for await (const text of stderr.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += text;
    const url = /listens on (\S+),/.exec(said)?.[1];
    if (!url) continue;
    stderr.resume();
    return url;
  }
  throw new Error(`The server did not start:\n${said}`);
}
