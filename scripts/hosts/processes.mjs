import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a process may take to answer or to end, in milliseconds. It is far more than any of them needs. */
const patience = 60_000;

/**
 * Starts a command that goes on until it is stopped.
 *
 * @param {string} command one command, which may begin with variables
 * @param {import('node:child_process').SpawnOptions} options
 */
export function startProcess(command, options) {
  // In place of the shell, which would not pass a signal on. In a process group, so that all of it can be killed.
  const child = spawn('sh', ['-c', `exec env ${command}`], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (printed += text));
  const ended = once(child, 'close');
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const fail = (what) => new Error(`“${command}” ${what}\n${printed}`);
  return {
    /** Resolves once there is an answer with a status of success. */
    async answers(url) {
      for (const until = Date.now() + patience; Date.now() < until; await delay(100)) {
        if (hasEnded()) throw fail('has ended');
        const response = await fetch(url).catch(() => undefined);
        if (response?.ok) return;
      }
      throw fail(`does not answer at ${url}`);
    },
    /** Ends the process by SIGTERM. It must exit with 0. */
    async stop() {
      child.kill('SIGTERM');
      await Promise.race([ended, delay(patience, undefined, { ref: false })]);
      if (!hasEnded()) throw fail('did not stop');
      if (child.exitCode !== 0) throw fail(`ended with ${child.exitCode ?? child.signalCode}`);
    },
    /** Kills the process and all that it has started, if it has not ended. */
    kill() {
      if (!hasEnded()) process.kill(-Number(child.pid), 'SIGKILL');
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
