import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, storeOfEachAdapter, type TestServer, unusedName } from './start-server.ts';

describe.each(storeOfEachAdapter)('the language of a client, on %s', (store) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(store);
  });
  afterAll(() => server.close());

  /** Registers someone whose browser sends this Accept-Language, and returns the mail. */
  async function mailFor(languages: string | undefined) {
    const email = `${unusedName().toLowerCase()}@example.com`;
    const headers = languages === undefined ? {} : { 'Accept-Language': languages };
    const json = { name: 'Ada', email, password: 'secret123', age: 36 };
    expect((await server.request('POST /auth/register', { json, headers })).status).toBe(201);
    await server.sendMails();
    const mail = server.mailbox.mails.find(({ to }) => to === email);
    return { email, mail };
  }

  it.each([
    [undefined, 'en', 'Confirm your e-mail address'],
    ['de', 'de', 'Bestätigen Sie Ihre E-Mail-Adresse'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de', 'Bestätigen Sie Ihre E-Mail-Adresse'],
    ['en;q=0.1,de;q=0.2', 'de', 'Bestätigen Sie Ihre E-Mail-Adresse'],
    ['fr,en;q=0.5', 'en', 'Confirm your e-mail address'],
    ['fr', 'en', 'Confirm your e-mail address'],
    ['*', 'en', 'Confirm your e-mail address'],
    ["de'; drop table outbox; --", 'en', 'Confirm your e-mail address'],
  ])('%j has the mail written in %s', async (languages, locale, subject) => {
    const { mail } = await mailFor(languages);
    expect(mail?.words).toMatchObject({ locale, subject });
  });

  it('is that of the pages', async () => {
    const headers = { 'Accept-Language': 'de-CH, en;q=0.5' };
    const page = await server.request('GET /reset-password?token=x', { headers });
    expect(page.headers.get('Content-Language')).toBe('de');
    expect(page.body).toContain('<html lang="de" dir="ltr">');
    expect(page.body).toContain('<h1>Passwort wählen</h1>');
    const form = { token: 'x', new_password: '12345678' };
    const refused = await server.request('POST /reset-password', { form, headers });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatch(/<p role="alert"[^>]*>Das Passwort darf nicht nur aus Ziffern bestehen<\/p>/);
  });

  it('is not that of an error of the API, which programs read', async () => {
    const headers = { 'Accept-Language': 'de' };
    const { body } = await server.request('GET /users/me', { headers });
    expect(body.detail).toBe('Not authenticated');
  });
});
