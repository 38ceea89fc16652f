import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Starts the process of a contestant in a folder of its own.
 *
 * @param {{ script: string, args?: string[], environment?: Record<string, string> }} program
 * @param {{ node: string, profiles?: string, folder?: string }} options `folder` is kept at the end
 */
export function startProcess({ script, args = [], environment }, { node, profiles, folder }) {
  const own = folder ?? mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  const profiling = profiles ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [];
  const child = spawn(node, [...profiling, script, ...args], {
    cwd: own,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
    // What it logs is written, and thrown away.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit');
  return {
    pid: child.pid,
    child,
    folder: own,
    address: () => addressIn(child),
    async stop() {
      child.kill('SIGINT');
      await ended;
      if (!folder) rmSync(own, { recursive: true, force: true });
    },
  };
}

/** The address that a contestant says it listens on. */
async function addressIn({ stderr }) {
  let said = '';
  for await (const text of stderr.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += text;
    const url = /listens on (http:[^\s,]+)/.exec(said)?.[1];
    if (!url) continue;
    stderr.on('data', (more) => process.stderr.write(more));
    return url;
  }
  throw new Error(`A contestant did not start:\n${said}`);
}
