import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export const password = 'secret123';

/** Registers an account with this name, and returns its address. */
export async function register(url, name) {
  const email = `${name.toLowerCase()}@example.com`;
  const answer = await post(`${url}/auth/register`, { name: `${name} Lovelace`, email, password, age: 36 });
  assert.equal(answer.status, 201);
  return email;
}

export async function requestReset(url, email) {
  assert.equal((await post(`${url}/auth/forgot-password`, { email })).status, 200);
}

export async function logIn(url, email, newPassword) {
  assert.equal((await post(`${url}/auth/login`, { email, password: newPassword })).status, 200);
}

/** The link of the mail of this kind to this address, which is a file, with the server's address in this run. */
export async function mailedLink(url, folder, kind, email) {
  const outbox = join(folder, 'data/outbox');
  for (;;) {
    const mails = existsSync(outbox) ? readdirSync(outbox).filter((name) => name.endsWith(`-${kind}.eml`)) : [];
    const texts = mails.map((name) => readFileSync(join(outbox, name), 'utf8'));
    const link = /^X-Link: (\S+)/m.exec(texts.find((text) => text.includes(`To: ${email}`)) ?? '')?.[1];
    if (link) return link.replace('http://localhost:3000', url);
    await delay(100);
  }
}

function post(url, body) {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}
