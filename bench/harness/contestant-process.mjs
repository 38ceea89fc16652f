import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const running = new Map();
/** Also when this process is told to end, or fails, contestants end with it. */
process.on('exit', () => {
  for (const [child, folder] of running) {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
for (const signal of ['SIGHUP', 'SIGTERM']) process.on(signal, () => process.exit(1));

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
    // What it logs is thrown away, but it does the work of logging.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit');
  running.set(child, own);
  void ended.then(() => running.delete(child));
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
    // The load may be more than it can take: the answers are counted, so its complaints need not be read.
    stderr.resume();
    return url;
  }
  throw new Error(`A contestant did not start:\n${said}`);
}
