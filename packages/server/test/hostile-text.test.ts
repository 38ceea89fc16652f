import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invalidOf } from './problem.ts';
import { admin, member, type Person, startServer, stores, type TestServer } from './start-server.ts';

const notAnAddress = 'Must be an e-mail address';

/** Text that some parser takes for an address of ours, or for two. Case, and space around it, are no matter: see below. */
const addresses: readonly (readonly [what: string, text: string])[] = [
  ['a full-width @', 'ada＠example.com'],
  ['a ligature', 'oﬃce@example.com'],
  ['a dotless i', 'adm\u0131n@example.com'],
  ['a Kelvin sign', '\u212aelvin@example.com'],
  ['another script in the host', 'ada@ехаmple.com'],
  ['a quoted local part', '"ada"@example.com'],
  ['a quoted address before its own', '"ada@example.com x"@evil.example'],
  ['a comment', 'ada(king)@example.com'],
  ['a display name', 'Ada <ada@example.com>'],
  ['a comma', 'ada@example.com,eve@evil.example'],
  ['a semicolon', 'ada@example.com;eve@evil.example'],
  ['a group', 'all:ada@example.com,eve@evil.example;'],
  ['an IP literal', 'ada@[127.0.0.1]'],
  ['a trailing dot', 'ada@example.com.'],
  ['two dots', 'ada@example..com'],
  ['two dots before the @', 'ada..king@example.com'],
  ['a line break and a header', 'ada@example.com\r\nBcc: eve@evil.example'],
  ['an escape', 'ada@example.com\u001b[31m'],
  ['more than 64 bytes before the @', `${'a'.repeat(65)}@example.com`],
];

/** The fields that take an address, and what else their routes ask for. */
const doors: readonly (readonly [path: string, field: string, rest: object])[] = [
  ['/auth/register', 'email', { name: 'Eve', password: 'secret123', age: 36 }],
  ['/auth/login', 'email', { password: 'secret123' }],
  ['/auth/forgot-password', 'email', {}],
  ['/users/me/email', 'new_email', { current_password: 'secret123' }],
];

describe.each(stores)('hostile text on %s', (store) => {
  let server: TestServer;
  let root: Person;
  let ada: Person;
  beforeAll(async () => {
    server = await startServer(store);
    root = await admin(server);
    ada = await member(server, 'Ada');
    await server.sendMails();
  });
  afterAll(() => server.close());

  const post = (path: string, json: object) => server.request(`POST ${path}`, { json, token: ada.token });
  const accounts = async () => (await server.request('GET /admin/users?limit=100', { token: root.token })).body;

  /** Whether there are the accounts and the mails that there were. */
  async function changesNothing(act: () => Promise<void>): Promise<void> {
    const before = [await accounts(), server.mailbox.mails.length];
    await act();
    await server.sendMails();
    expect([await accounts(), server.mailbox.mails.length]).toEqual(before);
  }

  it.each(doors)(
    'is no address to %s, in any form that a mail program might read as one (GHSA-7rqj-j65f-68wh)',
    (path, field, rest) =>
      changesNothing(async () => {
        for (const [what, text] of addresses) {
          const invalid = invalidOf(await post(path, { [field]: text, ...rest }));
          expect(invalid, what).toEqual({ [`/${field}`]: notAnAddress });
        }
        const long = `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.com`;
        const tooLong = { [`/${field}`]: 'Must be at most 254 characters' };
        expect(invalidOf(await post(path, { [field]: long, ...rest }))).toEqual(tooLong);
        for (const text of ['ada@example.com\0', 'ada\ud800@example.com']) {
          expect(Object.keys(invalidOf(await post(path, { [field]: text, ...rest })))).toEqual([`/${field}`]);
        }
      }),
  );

  it.each(doors)('is one address to %s, and neither a list nor an object (CVE-2023-7028)', (path, field, rest) =>
    changesNothing(async () => {
      for (const value of [[ada.email], [ada.email, 'eve@evil.example'], { 0: ada.email }, { email: ada.email }]) {
        const invalid = invalidOf(await post(path, { [field]: value, ...rest }));
        expect(invalid).toEqual({ [`/${field}`]: 'Must be a string' });
      }
    }),
  );

  it('is no account’s username', async () => {
    for (const [what, username] of [...addresses, ['NUL', 'ada@example.com\0'] as const]) {
      const { status, body } = await server.request('POST /auth/token', { form: { username, password: 'secret123' } });
      expect([status, body.error], what).toEqual([401, 'invalid_grant']);
    }
  });

  it('has mails sent to the stored address, however it was asked for', async () => {
    for (const email of [' ADA@Example.com ', '\tada@EXAMPLE.COM\r\n']) {
      expect((await post('/auth/forgot-password', { email })).status).toBe(200);
      await server.sendMails();
      expect(server.mailbox.mails.at(-1)).toMatchObject({ kind: 'reset-password', to: ada.email });
    }
  });

  const control = 'Must not contain control or direction characters';
  const unstorable = 'Must be well-formed Unicode without NUL';
  it.each([
    ['a line break', 'Ada\nKing', control],
    ['an escape', 'Ada\u001b[31m', control],
    ['a C1 control', 'Ada\u009b31m', control],
    ['a right-to-left override', 'Ada\u202egniK', control],
    ['an isolate', 'Ada\u2066King', control],
    ['NUL', 'Ada\0King', unstorable],
    ['half a character', 'Ada\ud800', unstorable],
  ])('is no name and no city for %s', (_, text, detail) =>
    changesNothing(async () => {
      const fields = { name: text, city: text };
      const both = { '/name': detail, '/city': detail };
      const eve = { email: 'eve@example.com', password: 'secret123', age: 36 };
      expect(invalidOf(await post('/auth/register', { ...eve, ...fields }))).toEqual(both);
      const patched = await server.request('PATCH /users/me', { json: fields, token: ada.token });
      expect(invalidOf(patched)).toEqual(both);
    }),
  );

  it('that is markup stays as it stands, in answers that no browser takes for a page', async () => {
    const name = '"><img src=x>';
    const { headers, body } = await server.request('PATCH /users/me', { json: { name }, token: ada.token });
    expect([body.name, headers.get('X-Content-Type-Options')]).toEqual([name, 'nosniff']);
    expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
    expect(headers.get('Content-Security-Policy')).toMatch(/^default-src 'none'/);
    await server.request('PATCH /users/me', { json: { name: 'Ada' }, token: ada.token });
  });
});
