import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../test/free-port.mjs';
import { commandOf, contextFiles, imageEnvironment, readStages } from './dockerfile.mjs';
import { root } from './server-facts.mjs';

/** The user of the image. A user that is not root cannot become another one, so it runs the server itself. */
const user = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};

/** Milliseconds within which the server must be alive. */
const patience = 180_000;

/** Runs the steps of the Dockerfile in an empty folder, then the server that they make. */
export async function runImage() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-image-'));
  const [app, data] = [join(folder, 'app'), join(folder, 'data')];
  try {
    chmodSync(folder, 0o755);
    for (const name of contextFiles()) cpSync(join(root, name), join(app, name));
    for (const { instruction, text } of readStages()[0]) {
      if (instruction !== 'RUN') continue;
      console.log(text);
      execFileSync('sh', ['-c', text], { cwd: app, stdio: ['ignore', 'ignore', 'inherit'] });
    }
    assert.ok(!existsSync(join(app, 'node_modules/typescript')), 'Only the dependencies of the server are installed');
    const size = execFileSync('du', ['-sm', app], { encoding: 'utf8' }).split('\t')[0];
    console.log(`The folder of the image has ${size} MB.`);
    execFileSync('chmod', ['-R', 'a-w,a+rX', app]);
    mkdirSync(data, { mode: 0o700 });
    if (user.uid !== undefined) chownSync(data, user.uid, user.gid);
    await serve(app, data);
  } finally {
    execFileSync('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true });
  }
}

async function serve(app, data) {
  const port = await freePort();
  const env = { PATH: process.env.PATH, ...imageEnvironment(), HOST: '127.0.0.1', DATA_DIR: data, PORT: String(port) };
  const options = { cwd: app, env, ...user };
  const isHealthy = () => run(commandOf('HEALTHCHECK'), options) === 0;
  assert.ok(!isHealthy(), 'The health check fails while no server runs');
  const [program, ...args] = [...commandOf('ENTRYPOINT'), ...commandOf('CMD')];
  const server = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(server, 'exit');
  try {
    for (const started = Date.now(); !isHealthy(); await delay(1_000)) {
      assert.equal(server.exitCode, null, 'The server ended by itself');
      assert.ok(Date.now() - started < patience, 'The server did not become healthy');
    }
    console.log('The health check passes.');
    server.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null], 'SIGTERM ends the server with exit code 0');
    console.log('SIGTERM ended the server with exit code 0.');
    assert.ok(existsSync(join(data, 'secret.key')), 'The generated secret is in DATA_DIR');
  } finally {
    server.kill('SIGKILL');
  }
}

function run([program, ...args], options) {
  return spawnSync(program, args, { ...options, stdio: 'ignore' }).status;
}
