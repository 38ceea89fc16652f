import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const launcher = fileURLToPath(new URL('../bin/sallyport.cjs', import.meta.url));

it.runIf(process.platform === 'linux')('a first start on the embedded database takes less than 400 MB', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-memory-'));
  const server = spawn(process.execPath, [launcher, 'serve'], {
    cwd: directory,
    env: { PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(async () => {
    server.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  await once(server.stderr, 'data');
  // What the start executes often is optimised soon after it.
  await delay(1_000);
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(status) ?? [];
  expect(Number(kilobytes) / 1024).toBeLessThan(400);
});
