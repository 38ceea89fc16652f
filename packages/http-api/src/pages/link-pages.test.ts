import { createHash } from 'node:crypto';
import { anyone } from '@sallyport/core';
import { describe, expect, it, vi } from 'vitest';
import { apiRequest, jsonOf, member, type RequestParts, testApi } from '../../test/api.ts';
import type { HttpApiOptions } from '../index.ts';

const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

/** An API with a member, and the links that were mailed to her. */
async function withLinks(options: Partial<HttpApiOptions> = {}, policy = {}) {
  const tested = testApi(options, policy);
  const { api, application, mailedToken } = tested;
  const { email } = await member(tested);
  await application.forgotPassword.execute(anyone, { email });
  const reset = await mailedToken(email, 'reset-password');
  const verify = await mailedToken(email, 'verify-email');

  async function visit(path: string, token: string, parts: RequestParts = {}) {
    const { body, headers } = await api.answer(apiRequest(`GET ${path}?token=${token}`, parts));
    return { page: String(body), headers };
  }
  async function send(path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = { read: async () => Buffer.from(new URLSearchParams(form).toString()) };
    const response = await api.answer(apiRequest(`POST ${path}`, { body, headers: { ...type, ...headers } }));
    return { ...response, page: String(response.body) };
  }
  return { ...tested, email, reset, verify, visit, send };
}

describe('The page of a valid link', () => {
  it('names the account in a field that password managers know, and states the rules', async () => {
    const { visit, reset, email } = await withLinks();
    const { page } = await visit('/reset-password', reset);
    expect(page).toContain(`autocomplete="username" value="${email}" readonly`);
    expect(page).toMatch(/autocomplete="new-password".* minlength="8" required aria-describedby="rules" autofocus/);
    expect(page).toContain('<li>8 to 128 characters</li>');
  });

  it('names the address that a link confirms, and has no script', async () => {
    const { visit, verify, email } = await withLinks();
    const { page, headers } = await visit('/verify-email', verify);
    expect(page).toContain(`value="${email}" readonly`);
    expect(page).not.toContain('<script');
    expect(headers['Content-Security-Policy']).not.toContain('script-src');
  });

  it('allows its own style and script, and nothing else', async () => {
    const { visit, reset } = await withLinks();
    const { page, headers } = await visit('/reset-password', reset);
    const hash = (tag: string) => {
      const [, content = ''] = new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(page) ?? [];
      return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    };
    expect(headers['Content-Security-Policy']).toBe(
      `default-src 'none'; script-src ${hash('script')}; style-src ${hash('style')}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    );
  });

  it('names no account while the store is out, and keeps the form', async () => {
    const { visit, reset, email, faults } = await withLinks();
    faults.fail('oneTimeTokens.find');
    const { page } = await visit('/reset-password', reset);
    expect(page).toContain(`name="token" value="${reset}"`);
    expect(page).not.toContain(email);
  });
});

describe('The page of an invalid link', () => {
  it('names no account', async () => {
    const { visit, reset, verify, email } = await withLinks();
    for (const [path, token] of [
      ['/reset-password', verify],
      ['/verify-email', reset],
      ['/reset-password', 'x'],
    ] as const) {
      const { page } = await visit(path, token);
      expect(page).toContain('This link is invalid or has expired');
      expect(page).not.toContain(email);
    }
  });
});

describe('A refused form', () => {
  it('comes back with the address that it was sent with, escaped, and without the password', async () => {
    const { send, reset } = await withLinks();
    const form = { token: reset, username: '"><b>ada', new_password: '1234567890' };
    const { status, page } = await send('/reset-password', form);
    expect(status).toBe(422);
    expect(page).toContain('value="&quot;&gt;&lt;b&gt;ada" readonly');
    expect(page).not.toContain('1234567890');
  });

  it('whose body was not read comes back as an error alone', async () => {
    const { api } = testApi();
    const body = { read: () => Promise.reject(new (class extends Error {})('gone')) };
    const response = await api.answer(apiRequest('POST /reset-password', { body, headers: browser }));
    expect(response.status).toBe(500);
    expect(response.body).toContain('Something went wrong. Please try again later');
    expect(response.body).not.toContain('<form');
  });
});

describe('An error on the way', () => {
  it.each<[number, string, Record<string, string>]>([
    [415, 'The form cannot be read', { 'content-type': 'text/plain' }],
    [403, 'This form was sent by another site', { origin: 'https://evil.example' }],
  ])('is %i, a page for a browser and a problem for a program: %s', async (expected, words, headers) => {
    const { send } = await withLinks();
    const shown = await send('/verify-email', { token: 'x' }, { ...browser, ...headers });
    expect([shown.status, shown.headers['Content-Type']]).toEqual([expected, 'text/html; charset=utf-8']);
    expect(shown.page).toContain(words);
    expect(shown.page).toContain('<title>Error: Confirm your e-mail address</title>');
    for (const accept of [undefined, '*/*', 'application/json']) {
      const told = await send('/verify-email', { token: 'x' }, { ...headers, ...(accept && { accept }) });
      expect([told.status, told.headers['Content-Type']]).toEqual([expected, 'application/problem+json']);
    }
  });

  it('that was not expected is reported, and the page reveals nothing', async () => {
    const { application, send, errors } = await withLinks();
    vi.spyOn(application.verifyEmail, 'attempt').mockRejectedValue(new Error('the cause'));
    const { status, page } = await send('/verify-email', { token: 'x' }, { ...browser, 'accept-language': 'de' });
    expect(status).toBe(500);
    expect(page).toContain('Etwas ist schiefgegangen');
    expect(page).not.toContain('the cause');
    expect(errors).toEqual([new Error('the cause')]);
  });
});

describe('The brand of a host', () => {
  const brand = { name: 'R&D <Ltd>', color: '#b00020', url: 'https://app.example/?a=1&b=2' };

  it('is in the heading, in the title and in the colours of every page, escaped', async () => {
    const { page } = await (await withLinks({ brand })).visit('/verify-email', 'x');
    expect(page).toContain('<header>R&amp;D &lt;Ltd&gt;</header>');
    expect(page).toContain('<title>Error: Confirm your e-mail address – R&amp;D &lt;Ltd&gt;</title>');
    expect(page).toContain('--accent: #b00020');
  });

  it('is where a page leads to when it is done', async () => {
    const { send, verify } = await withLinks({ brand });
    const { page } = await send('/verify-email', { token: verify });
    expect(page).toContain(
      '<a class="button" href="https://app.example/?a=1&amp;b=2">Continue to R&amp;D &lt;Ltd&gt;</a>',
    );
    const nameless = await withLinks({ brand: { url: 'https://app.example' } });
    expect((await nameless.send('/verify-email', { token: nameless.verify })).page).toContain('Continue to the app');
    const plain = await withLinks();
    expect((await plain.send('/verify-email', { token: plain.verify })).page).not.toContain('<a ');
  });

  it('names the docs page and its document', async () => {
    const { api } = testApi({ brand });
    expect((await api.answer(apiRequest('GET /docs'))).body).toContain('<title>R&amp;D &lt;Ltd&gt; API</title>');
    expect(jsonOf(await api.answer(apiRequest('GET /openapi.json'))).info.title).toBe('R&D <Ltd>');
    expect((await api.answer(apiRequest('GET /docs/page.css'))).body).toContain('--accent: #b00020');
    const plain = testApi().api;
    expect((await plain.answer(apiRequest('GET /docs'))).body).toContain('<title>Sallyport API</title>');
  });
});

describe('The direction of a page', () => {
  it.each([
    ['ar', 'rtl'],
    ['he-IL', 'rtl'],
    ['az-Arab', 'rtl'],
    ['de-AT', 'ltr'],
    ['en', 'ltr'],
  ])('in %s is %s', async (locale, direction) => {
    const mails = { [locale]: { pages: { 'verify-email': { title: 'Title' } } } };
    const { visit } = await withLinks({}, { mails });
    const { page } = await visit('/verify-email', 'x', { headers: { 'accept-language': locale } });
    expect(page).toContain(`<html lang="${locale}" dir="${direction}">`);
  });
});
