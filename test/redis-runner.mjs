// Runs Debian's redis-server, writes its URL to stdout, and ends it once stdin is closed, which happens even if the
// parent is killed. It is JavaScript, because Node 20 runs it directly.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.mjs';

const startupMs = 30_000;

const closed = new Promise((resolve) => {
  process.stdin.on('error', resolve).on('end', resolve).resume();
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, resolve);
});
// The reader of the URL may be gone by now. The server must end all the same.
process.stdout.on('error', () => {});

installRedis();
const port = await freePort();
// It has nothing to save, so it writes nothing there.
const settings = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()];
const server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'inherit'] });
let log = '';
server.stdout.setEncoding('utf8').on('data', (text) => (log += text));
const broken = once(server, 'exit').then(() => {
  throw new Error(`redis-server ended:\n${log}`);
});
try {
  await Promise.race([answer(), broken]);
  console.log(`redis://127.0.0.1:${port}`);
  await Promise.race([closed, broken]);
} finally {
  server.kill('SIGKILL');
}
process.exit();

/** Installs Redis. Debian's package would start its own server if there is an init, which the tests do not use. */
function installRedis() {
  if (spawnSync('redis-server', ['--version']).status === 0) return;
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'],
  ]) {
    execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

async function answer() {
  const deadline = Date.now() + startupMs;
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.write('PING\r\n');
      const [reply] = await once(socket.setEncoding('utf8'), 'data');
      if (reply === '+PONG\r\n') return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    } finally {
      socket.destroy();
    }
    await delay(20);
  }
}
