import { readdir, readFile } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import { sendRaw } from './raw-socket.ts';
import { ada, eachInADirectory, registerAndLogin } from './sallyport-process.ts';

const { path, serve } = eachInADirectory();

/** What may say where a request was sent to: the first of them must stand in each. */
const forged = [
  ['Host: evil.example'],
  ['Host: id.example.com.evil.example'],
  ['Host: evil.example:80'],
  ['Host: a', 'X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: http', 'X-Forwarded-Port: 81'],
  ['Host: a', 'X-Forwarded-For: 203.0.113.9', 'X-Forwarded-Prefix: /evil', 'X-Original-URL: http://evil.example/'],
  ['Host: a', 'Forwarded: for=203.0.113.9;host=evil.example;proto=http', 'X-Host: evil.example'],
  ['Host: a', 'Origin: https://evil.example', 'Referer: https://evil.example/'],
];

it('links in mails are of PUBLIC_URL, whatever a request says of its host (GHSA-3529-5m8x-rpv3, CVE-2025-70948, CVE-2025-25198, CVE-2026-27959)', async () => {
  // A proxy that is trusted tells of its client's address, and of nothing else.
  const server = serve({ PUBLIC_URL: 'https://id.example.com', TRUST_PROXY: '127.0.0.1', DATABASE_URL: 'memory:' });
  const url = await server.url;
  const token = await registerAndLogin(url);

  async function post(target: string, headers: readonly string[], json: object): Promise<number> {
    const body = JSON.stringify(json);
    const head = [...headers, 'Content-Type: application/json', `Content-Length: ${body.length}`, 'Connection: close'];
    return (await sendRaw(url, [`POST ${target} HTTP/1.1`, ...head, '', body].join('\r\n'))).status;
  }
  const mails = async () => {
    const names = await readdir(path('data/outbox'));
    return Promise.all(names.map((name) => readFile(path(`data/outbox/${name}`), 'utf8')));
  };

  let expected = 1;
  for (const [n, headers] of forged.entries()) {
    const bearer = [...headers, `Authorization: Bearer ${token}`];
    const newcomer = { ...ada, email: `newcomer${n}@example.com` };
    const change = { new_email: `moved${n}@example.com`, current_password: ada.password };
    expect(await post('/auth/register', headers, newcomer)).toBe(201);
    expect(await post('/auth/forgot-password', headers, { email: ada.email })).toBe(200);
    expect(await post('http://evil.example/auth/forgot-password', headers, { email: ada.email })).toBe(200);
    expect(await post('/auth/verify-email/resend', bearer, {})).toBe(202);
    expect(await post('/users/me/email', bearer, change)).toBe(202);
    // The new address is mailed the link, the old one is told.
    expected += 6;
  }
  await vi.waitFor(async () => expect(await mails()).toHaveLength(expected), { timeout: 30_000, interval: 100 });
  for (const mail of await mails()) {
    expect(mail).not.toMatch(/evil|203\.0\.113/);
    const links = mail.replaceAll('=\r\n', '').match(/https?:\/\/[^\s"<]+/g) ?? [];
    for (const link of links)
      expect(link).toMatch(/^https:\/\/id\.example\.com\/(verify-email|reset-password)\?token=/);
  }
  await server.stop();
});
