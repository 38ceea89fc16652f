import type { MailKind } from '@sallyport/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from './problem.ts';
import { type Answer, login, member, startServer, stores, type TestServer } from './start-server.ts';

const pages = ['/reset-password', '/verify-email'] as const;

describe.each(stores)('the pages that mailed links lead to, on %s', (store) => {
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

  /** Every page, whatever it says: no script, no frame, no trace of the token elsewhere. */
  function expectPage({ status, headers, body }: Answer, expected: number): string {
    expect([status, headers.get('Content-Type')]).toEqual([expected, 'text/html; charset=utf-8']);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    const policy = (headers.get('Content-Security-Policy') ?? '').split('; ');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"]),
    );
    expect(policy.join()).not.toMatch(/script|unsafe|\*/);
    expect(body).toMatch(/^<!doctype html>/);
    expect(body).not.toMatch(/<script|\son\w+=|https?:|src=/i);
    return body;
  }

  it.each(pages)('are looked at without being used up: %s', async (path) => {
    const { email, link, token } = await newLink(path === '/verify-email' ? 'verify-email' : 'reset-password');
    for (let count = 0; count < 3; count += 1) {
      const page = expectPage(await visit(path, link), 200);
      expect(page).toContain(`name="token" value="${link}"`);
      expect(page).toContain(`action="${path.slice(1)}"`);
    }
    const head = await fetch(`${server.url}${path}?token=${link}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await server.request('GET /users/me', { token })).body.email_verified).toBe(false);

    expectPage(await submit(path, { token: link, new_password: 'newSecret456' }), 200);
    const current = path === '/verify-email' ? 'secret123' : 'newSecret456';
    const me = await server.request('GET /users/me', { token: await login(server, email, current) });
    expect(me.body.email_verified).toBe(true);
    const again = expectPage(await submit(path, { token: link, new_password: 'newSecret456' }), 400);
    expect(again).toContain('<p role="alert">Invalid or expired token</p>');
    expect(again).not.toContain('<form');
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
      expect(page).not.toContain(password);
    }
    expectPage(await submit('/reset-password', { token: link, new_password: 'newSecret456' }), 200);
    await login(server, email, 'newSecret456');
  });

  it.each(pages)('know no token that is none: %s', async (path) => {
    for (const token of ['', 'x', '\0', '"><script>alert(1)</script>', 'x'.repeat(5000)]) {
      const shown = expectPage(await visit(path, token), 200);
      expect(shown.match(/<form/g)).toHaveLength(1);
      expectPage(await submit(path, { token, new_password: 'newSecret456' }), 400);
    }
    for (const query of ['', '?token', '?token=a&token=b', '?token[]=a', '?other=a']) {
      expect(expectPage(await server.request(`GET ${path}${query}`), 200)).toContain('name="token" value=""');
    }
    expectPage(await submit(path, { new_password: 'newSecret456' }), 422);
  });

  it.each(pages)('take a form and nothing else: %s', async (path) => {
    const answer = await server.request(`POST ${path}`, { json: { token: 'x', new_password: 'newSecret456' } });
    const text = 'The body must be application/x-www-form-urlencoded in UTF-8';
    expect(problemOf(answer)).toEqual([415, text]);
  });
});
