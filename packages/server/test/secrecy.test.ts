import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Notes, notes, searchRun } from '../../../test/secrecy.mjs';
import { startServer } from './start-server.ts';

const planted = 'planted-0123456789';
const secret = 'leaks-9f1c5e7d';
const request = '{"level":30,"msg":"request","route":"/posts"}\n';

/** What the search at the end of a run would say of a run of this test’s own. */
describe('the search of a run for credentials', () => {
  let folder: string;
  let noted: Notes;
  beforeEach(() => {
    noted = new Notes();
    folder = mkdtempSync(join(tmpdir(), 'sallyport-secrecy-'));
    writeFileSync(join(folder, 'a.log'), request);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const search = () => {
    noted.keep(folder);
    return searchRun(folder, planted);
  };
  const log = (line: string) => appendFileSync(join(folder, 'a.log'), `${line}\n`);

  it('counts what it looked for, and where', () => {
    noted.credentials(secret, 'short', 'password', 'x'.repeat(32), undefined, `header.claims.${secret}`);
    expect(search()).toEqual({ credentials: 2, requests: 1 });
  });

  it.each([
    ['as it stands', `{"path":"/reset-password?token=${secret}"}`],
    ['within a word', `{"msg":"x${secret}x"}`],
  ])('finds one %s', (_, line) => {
    noted.credentials(secret);
    log(line);
    expect(search).toThrow(`Credentials got out:\n${secret} in {`);
  });

  it('finds one that JSON or a URL spells another way', () => {
    noted.credentials('quo"ted secret', 'späced secret');
    for (const line of [JSON.stringify({ msg: 'quo"ted secret' }), `/?q=${encodeURIComponent('späced secret')}`]) {
      log(line);
      expect(search).toThrow('Credentials got out');
      writeFileSync(join(folder, 'a.log'), request);
    }
  });

  it('knows what the tests send, receive and are mailed', async () => {
    const server = await startServer('memory');
    const ada = { email: 'ada@example.com', password: 'swordfish-1' };
    await server.request('POST /auth/register', { json: { ...ada, name: 'Ada', age: 36 } });
    const { body } = await server.request('POST /auth/login', { json: ada });
    await server.request('POST /auth/token', { form: { username: ada.email, password: 'sword fish-2' } });
    await server.request('GET /users/me', { token: 'a token of no member' });
    await server.sendMails();
    const mailed = server.mailbox.tokenFor(ada.email, 'verify-email');
    await server.close();

    noted = notes;
    const used = [ada.password, 'sword fish-2', 'a token of no member', body.access_token, body.refresh_token, mailed];
    for (const one of [...used, 'a secret key for tests, long enough']) {
      writeFileSync(join(folder, 'a.log'), `${request}{"msg":"${one}"}\n`);
      expect(search).toThrow(`${one} in {`);
    }
  });

  it('looks into refusing answers and the audit, too', () => {
    for (const [status, url, body] of [
      [422, '/auth/register', `{"detail":"${secret} is too short"}`],
      [200, '/admin/audit?limit=100', `[{"detail":{"password":"${secret}"}}]`],
    ] as const) {
      noted = new Notes();
      noted.credentials(secret);
      noted.answer({ status, url, body, headers: new Headers({ 'content-type': 'application/json' }) });
      expect(search).toThrow(`${secret} in `);
    }
  });

  it.each([
    '$argon2id$v=19$m=19456',
    'plain:1:something',
    'Bearer abcdefgh',
    'eyJhbGciOiJFZERTQSIsImtpZCI6',
    '-----BEGIN',
  ])('finds by its shape what was not noted: %s', (text) => {
    log(`{"err":"${text}"}`);
    expect(search).toThrow('Credentials got out');
  });

  it('is not content with logs that are empty', () => {
    noted.answer({
      status: 401,
      url: 'http://127.0.0.1/users/me',
      headers: new Headers({ 'content-type': 'application/problem+json' }),
      body: '{"status":401}',
    });
    writeFileSync(join(folder, 'a.log'), '');
    expect(search).toThrow('no log tells of one');
  });
});
