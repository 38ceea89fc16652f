import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePort, startProcess } from './processes.mjs';

const secretKey = 'at least 32 bytes, for a test alone';
const ada = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'secret123' };
const eve = { ...ada, password: 'secret124' };

/**
 * Starts a host by its script `start`, calls its API and its own routes, and stops it. It must answer like every other host,
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
  } finally {
    host.kill();
  }
}

/** Registers and logs in, and calls the host's own routes with and without a token. */
async function callHost(url, mountPath) {
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
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const programs = [join(folder, 'node_modules/.bin'), join(folder, '../node_modules/.bin'), process.env.PATH];
  const env = { ...process.env, PATH: programs.join(delimiter), PORT: String(port), SECRET_KEY: secretKey };
  return startProcess(scripts.start, { cwd: folder, env });
}
