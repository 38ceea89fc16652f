/** Verifies a token with a library in another language, by the key set alone: PyJWT, as Debian packages it. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { withServer } from './running-server.mjs';

const issuer = 'http://localhost:3000';
/** Debian's Python. No other one finds what apt-get installs. */
const python = '/usr/bin/python3';
const verifier = join(import.meta.dirname, 'foreign-verifier.py');

installPyJwt();
await withServer(async (url) => {
  const { user, access_token: token } = await registerAndLogin(url);
  assert.equal(verify(url, token), String(user.id));
  assert.throws(() => verify(url, bend(token)), /InvalidSignatureError/);
});
console.log('PyJWT took our token by the key set, and refused a bent one.');

function installPyJwt() {
  if (spawnSync(python, ['-c', 'import jwt, cryptography']).status === 0) return;
  for (const args of [
    ['update'],
    ['install', '-y', '--no-install-recommends', 'python3-jwt', 'python3-cryptography'],
  ]) {
    execFileSync('apt-get', [...args, '-qq'], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

async function registerAndLogin(url) {
  const [email, password] = ['ada@example.com', 'secret123'];
  await send(`${url}/auth/register`, { name: 'Ada', email, password, age: 36 });
  return send(`${url}/auth/login`, { email, password });
}

async function send(url, body) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

/** The user of the token, according to PyJWT. */
function verify(url, token) {
  const { status, stdout, stderr } = spawnSync(python, [verifier, issuer, `${url}/.well-known/jwks.json`], {
    input: token,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** The same claims with an invalid signature. */
function bend(token) {
  const [header, claims, signature] = token.split('.');
  return [header, claims, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join('.');
}
