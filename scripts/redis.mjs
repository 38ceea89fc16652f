import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { freePort } from '../test/free-port.mjs';
import { until } from './haproxy.mjs';
import { findProgram } from './programs.mjs';

/**
 * Runs `use` with a Redis that can be killed and started again, empty.
 *
 * @param {(redis: { url: string, kill(): Promise<void>, start(): Promise<void> }) => Promise<void>} use
 */
export async function withRedis(use) {
  const program = findProgram(['/usr/bin/redis-server', '/usr/local/bin/redis-server'], 'redis-server');
  const port = await freePort();
  const settings = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  let running;
  const redis = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      running = spawn(program, settings, { stdio: 'ignore' });
      await until(() => accepts(port), 10, 'Redis accepts connections');
    },
    async kill() {
      const ended = once(running, 'exit');
      if (running.kill('SIGKILL')) await ended;
    },
  };
  await redis.start();
  try {
    await use(redis);
  } finally {
    await redis.kill();
  }
}

async function accepts(port) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect').finally(() => socket.destroy());
  return true;
}
