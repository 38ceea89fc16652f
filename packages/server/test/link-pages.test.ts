import { MemoryRateLimiter } from '@sallyport/adapters-memory';
import { type MailKind, SallyportError } from '@sallyport/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parts, ports, replace } from '../src/index.ts';
import { createLog } from '../src/log.ts';
import { alert, expectPage } from './page.ts';
import { problemOf } from './problem.ts';
import {
  admin,
  invitee,
  linkTo,
  login,
  member,
  startServer,
  storeOfEachAdapter,
  type TestServer,
} from './start-server.ts';

const pages = ['/reset-password', '/verify-email'] as const;
const invalidLink = alert('This link is invalid or has expired');

describe.each(storeOfEachAdapter)('the pages that mailed links lead to, on %s', (store) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(store);
  });
  afterAll(() => server.close());

  const visit = (path: string, token: string) => server.request(`GET ${path}?${new URLSearchParams({ token })}`);
  const submit = (path: string, form: Record<string, string>) => server.request(`POST ${path}`, { form });

  async function newLink(kind: MailKind) {
    const person = await member(server);
    await server.request('POST /auth/forgot-password', { json: { email: person.email } });
    await server.sendMails();
    return { ...person, link: server.mailbox.tokenFor(person.email, kind) ?? '' };
  }

  it.each(pages)('are looked at without being used up: %s', async (path) => {
    const { email, link, token } = await newLink(path === '/verify-email' ? 'verify-email' : 'reset-password');
    for (let count = 0; count < 3; count += 1) {
      const page = expectPage(await visit(path, link), 200);
      expect(page).toContain(`name="token" value="${link}"`);
      expect(page).toContain(`action="${path.slice(1)}"`);
    }
    const head = await server.request(`HEAD ${path}?token=${link}`);
    expect([head.status, head.body]).toEqual([200, '']);
    expect((await server.request('GET /users/me', { token })).body.email_verified).toBe(false);

    expectPage(await submit(path, { token: link, new_password: 'newSecret456' }), 200);
    const current = path === '/verify-email' ? 'secret123' : 'newSecret456';
    const me = await server.request('GET /users/me', { token: await login(server, email, current) });
    expect(me.body.email_verified).toBe(true);
  });

  it('set a password once', async () => {
    const { link } = await newLink('reset-password');
    const send = () => submit('/reset-password', { token: link, new_password: 'newSecret456' });
    expectPage(await send(), 200);
    const again = expectPage(await send(), 400);
    expect(again).toContain(invalidLink);
    expect(again).not.toContain('name="token"');
    expect(again).toContain('name="email"');
  });

  it('confirm an address as often as the link is opened', async () => {
    const { link } = await newLink('verify-email');
    for (let count = 0; count < 3; count += 1) {
      const page = expectPage(await submit('/verify-email', { token: link }), 200);
      expect(page).toContain('<p role="status">Your address is confirmed. You can close this page.</p>');
    }
  });

  it('set the first password of an account that was invited', async () => {
    const { email } = await invitee(server, await admin(server));
    const link = await linkTo(server, email, 'invitation');
    expect(expectPage(await visit('/reset-password', link), 200)).toContain(`name="token" value="${link}"`);
    expectPage(await submit('/reset-password', { token: link, new_password: 'newSecret456' }), 200);
    const me = await server.request('GET /users/me', { token: await login(server, email, 'newSecret456') });
    expect(me.body).toMatchObject({ email, email_verified: true });
  });

  it('give the form back where the password is refused, and the link still holds', async () => {
    const { email, link } = await newLink('reset-password');
    for (const [password, words] of [
      ['short1', 'Must be at least 8 characters'],
      ['12345678', 'Password cannot be only numbers'],
      ['password1', 'Password is among the most common ones'],
    ] as const) {
      const page = expectPage(await submit('/reset-password', { token: link, new_password: password }), 422);
      expect(page).toContain(words);
      expect(page).toContain(`value="${link}"`);
      expect(page).toContain('<title>Error: Choose a password</title>');
      expect(page).toContain('aria-invalid="true" aria-describedby="error rules"');
      expect(page).not.toContain(`="${password}"`);
    }
    expectPage(await submit('/reset-password', { token: link, new_password: 'newSecret456' }), 200);
    await login(server, email, 'newSecret456');
  });

  it.each(pages)('say at once that a link is invalid, and offer a new one: %s', async (path) => {
    for (const token of ['', 'x', '\0', '"><script>alert(1)</script>', 'x'.repeat(5000)]) {
      const shown = expectPage(await visit(path, token), 200);
      expect(shown.match(/<form/g)).toHaveLength(1);
      expect(shown).toContain(invalidLink);
      expect(shown).toContain('name="email"');
      expectPage(await submit(path, { token, new_password: 'newSecret456' }), 400);
    }
    for (const query of ['', '?token', '?token=a&token=b', '?token[]=a', '?other=a']) {
      const shown = expectPage(await server.request(`GET ${path}${query}`), 200);
      expect(shown).toContain(invalidLink);
    }
    expectPage(await submit(path, { new_password: 'newSecret456' }), 422);
  });

  it.each(pages)('mail a new link on request, and say the same to every address: %s', async (path) => {
    const kind = path === '/verify-email' ? 'verify-email' : 'reset-password';
    const { email } = await member(server);
    await server.sendMails();
    const first = server.mailbox.tokenFor(email, kind);
    const said = new Set<string>();
    for (const asked of [email, ` ${email.toUpperCase()}`, `another-${email}`]) {
      said.add(expectPage(await submit(path, { email: asked }), 200));
    }
    expect([...said]).toEqual([expect.stringContaining('<p role="status">If this address')]);
    await server.sendMails();
    const link = server.mailbox.tokenFor(email, kind) ?? '';
    expect(link).not.toBe(first);
    expect(expectPage(await visit(path, link), 200)).toContain(`name="token" value="${link}"`);
    expectPage(await submit(path, { token: link, new_password: 'newSecret456' }), 200);
  });

  it.each(pages)('show the form for a new link again where no address was sent: %s', async (path) => {
    const page = expectPage(await submit(path, { email: '"><b>ada' }), 422);
    expect(page).toContain(alert('Must be an e-mail address'));
    expect(page).toContain('name="email" type="email" autocomplete="email" value="&quot;&gt;&lt;b&gt;ada"');
    expect(page).toContain('aria-invalid="true" aria-describedby="error"');
  });

  it('say of a used link to a reset that it is invalid, and of a used one that confirms an address that it is valid', async () => {
    const { email, link } = await newLink('reset-password');
    const confirm = server.mailbox.tokenFor(email, 'verify-email') ?? '';
    expectPage(await submit('/verify-email', { token: confirm }), 200);
    expect(await visit('/verify-email', confirm)).toHaveProperty('body', expect.stringContaining(confirm));
    expectPage(await submit('/reset-password', { token: link, new_password: 'newSecret456' }), 200);
    expect(expectPage(await visit('/reset-password', link), 200)).toContain('role="alert"');
    expect(expectPage(await visit('/reset-password', confirm), 200)).toContain('role="alert"');
  });

  it.each(pages)('refuse a form that a page of another origin sends, and mail nothing: %s', async (path) => {
    const { email } = await member(server);
    await server.sendMails();
    const kind = path === '/verify-email' ? 'verify-email' : 'reset-password';
    const before = server.mailbox.tokenFor(email, kind);
    const send = (headers: Record<string, string>) => server.request(`POST ${path}`, { form: { email }, headers });
    const own = 'http://sallyport.test';
    const foreign = [
      'https://evil.example',
      'https://sallyport.test',
      `${own}:8080`,
      `${own}.evil.example`,
      'null',
      '',
    ];
    for (const headers of [
      ...foreign.map((Origin) => ({ Origin })),
      ...['cross-site', 'same-site', '', 'same-origin, same-origin'].map((site) => ({ 'Sec-Fetch-Site': site })),
      { 'Sec-Fetch-Site': 'cross-site', Origin: own },
      { Host: 'evil.example', Origin: 'http://evil.example' },
    ]) {
      const refusal = [403, 'The form was sent by a page of another origin'];
      expect([headers, problemOf(await send(headers))]).toEqual([headers, refusal]);
    }
    await server.sendMails();
    expect(server.mailbox.tokenFor(email, kind)).toBe(before);

    for (const headers of [
      {},
      { Origin: own },
      { 'Sec-Fetch-Site': 'same-origin', Origin: own },
      { 'Sec-Fetch-Site': 'same-origin', Origin: 'http://127.0.0.1:3000' },
      { 'Sec-Fetch-Site': 'none', Origin: 'null' },
    ]) {
      expectPage(await send(headers), 200);
    }
    await server.sendMails();
    expect(server.mailbox.tokenFor(email, kind)).not.toBe(before);
  });

  it.each(pages)('take a form and nothing else: %s', async (path) => {
    const answer = await server.request(`POST ${path}`, { json: { token: 'x', new_password: 'newSecret456' } });
    const text = 'The body must be application/x-www-form-urlencoded in UTF-8';
    expect(problemOf(answer)).toEqual([415, text]);
  });
});

describe('the pages that mailed links lead to, where the form has to be sent again,', () => {
  let server: TestServer;
  afterEach(() => server.close());

  it.each(pages)('say when, and have it still, where too many were sent: %s', async (path) => {
    server = await startServer('memory', { environment: { RATE_LIMITS: 'on' } });
    const { email } = await member(server);
    await server.request('POST /auth/forgot-password', { json: { email } });
    await server.sendMails();
    const token = server.mailbox.tokenFor(email, path === '/verify-email' ? 'verify-email' : 'reset-password') ?? '';
    const submit = (itsToken: string) =>
      server.request(`POST ${path}`, { form: { token: itsToken, new_password: 'newSecret456' } });
    for (let tries = 0; tries < 50; tries += 1) expect((await submit('x')).status).toBe(400);

    const answer = await submit(token);
    const page = expectPage(answer, 429);
    expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(page).toContain(alert('Too many attempts, try again later'));
    expect(page).toContain(`name="token" value="${token}"`);
    expect(page).not.toContain('newSecret456');
  });

  it.each(pages)('have it still where the service is out, and the log says why: %s', async (path) => {
    const written: string[] = [];
    const log = createLog('error', { write: (line) => void written.push(line) });
    const rateLimiter = new MemoryRateLimiter();
    rateLimiter.countInTurn = () => Promise.reject(new SallyportError('unavailable', { cause: new Error('no store') }));
    const overrides = [replace(ports.rateLimiter, rateLimiter), replace(parts.log, log)];
    server = await startServer('memory', { environment: { RATE_LIMITS: 'on' }, overrides });

    const answer = await server.request(`POST ${path}`, { form: { token: 'of a mail', new_password: 'newSecret456' } });
    const page = expectPage(answer, 503);
    expect(answer.headers.get('Retry-After')).toBe('1');
    expect(page).toContain(alert('The service is temporarily unavailable'));
    expect(page).toContain('name="token" value="of a mail"');
    expect(page).not.toContain('no store');
    expect(written.map((line) => JSON.parse(line))).toMatchObject([{ err: { cause: { message: 'no store' } } }]);
  });
});
