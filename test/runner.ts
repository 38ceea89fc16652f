import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server that runs until it is stopped. */
export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server whose runner also obeys commands. */
interface CommandedServer extends RunningServer {
  /** Sends a command to the runner, and waits until it is done. */
  say(command: string): Promise<void>;
}

/**
 * Starts the server of this runner, in a process that lives as long as its stdin is open. `stop` closes the stdin, and
 * so does the kernel if this process is killed, so both end in the same way.
 */
export async function startRunner(runner: URL): Promise<RunningServer> {
  const { url, stop } = await startCommanded(runner, []);
  return { url, stop };
}

/** The same, for a runner with arguments and commands. */
export async function startCommanded(runner: URL, args: readonly string[]): Promise<CommandedServer> {
  // In its own process group, because Ctrl-C at the terminal would otherwise end the server before its tests.
  const child = spawn(process.execPath, [fileURLToPath(runner), ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  async function end(): Promise<void> {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${runner.pathname} failed:\n${complaints}`);
  }
  const ended = end();
  const lines = child.stdout.setEncoding('utf8');
  const [url] = (await Promise.race([once(lines, 'data'), ended])) as [string];
  return {
    url: url.trim(),
    say: async (command) => {
      const done = once(lines, 'data');
      child.stdin.write(`${command}\n`);
      await Promise.race([done, ended.then(() => Promise.reject(new Error(`${runner.pathname} has ended`)))]);
    },
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
