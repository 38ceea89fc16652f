import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findProgram } from './programs.mjs';

const documented = join(import.meta.dirname, '../docs/haproxy.cfg');

/**
 * Runs `use` behind a haproxy with the documented configuration, on other ports.
 *
 * @typedef {{ isUp(node: string): Promise<boolean>, reload(): void, stop(): Promise<void>, start(): void }} Balancer
 * @param {string} folder the folder for its files
 * @param {{ balancer: number, a: number, b: number }} ports
 * @param {(balancer: Balancer) => Promise<void>} use
 */
export async function withHaproxy(folder, ports, use) {
  const haproxy = findProgram(['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'], 'haproxy');
  const socket = join(folder, 'haproxy.sock');
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, adapted(socket, ports));
  let running;
  const balancer = {
    isUp: (node) => isUp(socket, node),
    // With a master process, as Debian's service has one. It reads the configuration again when it is told to.
    start: () =>
      void (running = spawn(haproxy, ['-W', '-db', '-q', '-f', file], { stdio: ['ignore', 'inherit', 'pipe'] })),
    reload: () => running.kill('SIGUSR2'),
    async stop() {
      const ended = once(running, 'exit');
      if (running.kill('SIGTERM')) await ended;
    },
  };
  balancer.start();
  try {
    await use(balancer);
  } finally {
    await balancer.stop();
  }
}

/** The documented configuration, with the ports and files of this run. */
function adapted(socket, { balancer, a, b }) {
  const replacements = {
    '/run/haproxy/admin.sock': socket,
    '127.0.0.1:8080': `127.0.0.1:${balancer}`,
    '127.0.0.1:3001': `127.0.0.1:${a}`,
    '127.0.0.1:3002': `127.0.0.1:${b}`,
  };
  let config = readFileSync(documented, 'utf8');
  for (const [theirs, ours] of Object.entries(replacements)) {
    assert.equal(config.split(theirs).length, 2, `docs/haproxy.cfg says ${theirs} once`);
    config = config.replace(theirs, ours);
  }
  return config;
}

/** Whether the balancer sends requests to this node. */
async function isUp(socket, node) {
  const asked = connect(socket);
  let answer = '';
  asked.setEncoding('utf8').on('data', (text) => (answer += text));
  const closed = once(asked, 'close');
  asked.write('show stat\n');
  await closed;
  return answer.split('\n').some((line) => {
    const [backend, server, ...state] = line.split(',');
    return backend === 'nodes' && server === node && state.includes('UP');
  });
}

/** Waits until the condition is true, for at most so many seconds. */
export async function until(isSo, seconds, what) {
  for (const asked = Date.now(); Date.now() - asked < seconds * 1000; await delay(50)) {
    if (await isSo().catch(() => false)) return;
  }
  throw new Error(`${what}: not within ${seconds} seconds`);
}
