import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const secretKey = 'at least 32 bytes, for a test alone';
const ada = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'secret123' };
const eve = { ...ada, password: 'secret124' };

/** How long a host may take to start or to stop, in milliseconds. It is far more than any of them needs. */
const patience = 60_000;

/**
 * Starts a host with `npm start`, calls its API and its own routes, and stops it. It must answer like every other host,
 * and end by itself.
 *
 * @param {string} folder
 * @param {string} mountPath
 */
export async function tryHost(folder, mountPath) {
  const port = await freePort();
  const host = start(folder, port);
  try {
    await host.answers(`http://localhost:${port}${mountPath}/health/live`);
    await callHost(`http://localhost:${port}`, mountPath);
    await host.stop();
  } catch (error) {
    throw new Error(`${error.message}\n${host.printed()}`, { cause: error });
  } finally {
    host.kill();
  }
}

/** Registers and logs in, and calls the host's own routes with and without a token. */
export async function callHost(url, mountPath) {
  const call = async (path, { body, token } = {}) => {
    const response = await fetch(url + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  };
  assert.equal((await call(`${mountPath}/auth/register`, { body: ada })).status, 201, 'registers');
  assert.equal((await call(`${mountPath}/auth/login`, { body: eve })).status, 401, 'refuses a wrong password');
  const login = await call(`${mountPath}/auth/login`, { body: ada });
  assert.equal(login.status, 200, 'logs in');
  const token = login.body.access_token;
  assert.equal((await call(`${mountPath}/users/me`, { token })).body.email, ada.email, 'knows the account');

  const stranger = await call('/reports');
  assert.deepEqual([stranger.status, stranger.body.detail], [401, 'Not authenticated'], 'asks for a token');
  assert.equal((await call('/reports', { token: `${token}x` })).status, 401, 'refuses a forged token');
  assert.deepEqual(await call('/reports', { token }), { status: 200, body: { for: ada.name } }, 'admits the member');
  const member = await call('/admin/reports', { token });
  assert.deepEqual([member.status, member.body.detail], [403, 'Admin access required'], 'refuses another role');
  assert.equal((await call('/unknown')).status, 404, 'answers its own paths');
}

function start(folder, port) {
  const child = spawn('npm', ['start', '--silent'], {
    cwd: folder,
    env: { ...process.env, PORT: String(port), SECRET_KEY: secretKey },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that it can be killed with all that npm started.
    detached: true,
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (printed += text));
  const ended = once(child, 'close');
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  return {
    printed: () => printed,
    async answers(url) {
      for (const until = Date.now() + patience; Date.now() < until; await delay(100)) {
        if (hasEnded) throw new Error('It did not start');
        const response = await fetch(url).catch(() => undefined);
        if (response?.ok) return;
      }
      throw new Error(`It does not answer at ${url}`);
    },
    async stop() {
      // npm passes it on.
      child.kill('SIGTERM');
      await Promise.race([ended, delay(patience, undefined, { ref: false })]);
      if (!hasEnded) throw new Error('It did not stop');
      assert.equal(child.exitCode, 0, `ends with ${child.exitCode ?? child.signalCode}`);
    },
    kill() {
      if (!hasEnded) process.kill(-child.pid, 'SIGKILL');
    },
  };
}

/** A port that was free a moment ago. */
async function freePort() {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
