import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const launcher = join(import.meta.dirname, '../packages/server/bin/sallyport.cjs');

/**
 * Runs `use` against the real server, which keeps its data in an empty folder of its own.
 *
 * @param {(url: string, folder: string) => Promise<void>} use
 */
export async function withServer(use) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  const server = spawn(process.execPath, [launcher, 'serve'], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', PUBLIC_URL: 'http://localhost:3000', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  try {
    await use(await addressIn(server), folder);
  } finally {
    if (server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true });
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
