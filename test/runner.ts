import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server that runs until it is stopped. */
export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the server of this runner, in a process that lives as long as its stdin is open. `stop` closes the stdin, and
 * so does the kernel if this process is killed, so both end in the same way.
 */
export async function startRunner(runner: URL): Promise<RunningServer> {
  // In its own process group, because Ctrl-C at the terminal would otherwise end the server before its tests.
  const child = spawn(process.execPath, [fileURLToPath(runner)], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  async function end(): Promise<void> {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${runner.pathname} failed:\n${complaints}`);
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
