import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notes } from '../../../test/secrecy.mjs';
import {
  admin,
  basePath,
  member,
  type RequestOptions,
  startServer,
  storeOfEachAdapter,
  type TestServer,
} from './start-server.ts';

describe.each(storeOfEachAdapter)('the form login of %s', (store) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(store);
  });
  afterAll(() => server.close());

  const post = (path: string, options: RequestOptions) => server.request(`POST ${path}`, options);
  const me = (token: string) => server.request('GET /users/me', { token });

  describe('POST /auth/token', () => {
    const token = (form: Record<string, string>) => post('/auth/token', { form });

    it.each([{}, { grant_type: 'password' }, { grant_type: '', refresh_token: '' }])(
      'answers a form with %o as RFC 6749 says',
      async (grant) => {
        const { id, email, password } = await member(server);
        const { status, headers, body } = await token({ ...grant, username: ` ${email.toUpperCase()}`, password });
        expect(status).toBe(200);
        expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
        expect(headers.get('Cache-Control')).toBe('no-store');
        expect(body).toEqual({
          access_token: expect.any(String),
          token_type: 'bearer',
          expires_in: 1800,
          refresh_token: expect.any(String),
        });
        expect((await me(body.access_token)).body.id).toBe(id);
      },
    );

    const refusal = (error: string, description: string) => ({
      error,
      error_description: description,
      detail: description,
    });

    it('says the same of every username and password that do not belong together, and of a refresh token', async () => {
      const { email } = await member(server);
      for (const form of [
        { username: email, password: 'secret124' },
        { username: 'nobody@example.com', password: 'secret123' },
        { username: 'no address', password: 'secret123' },
        { grant_type: 'refresh_token', refresh_token: 'x' },
      ]) {
        const { status, headers, body } = await token(form);
        expect([status, body]).toEqual([401, refusal('invalid_grant', 'Invalid credentials')]);
        expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
        expect(headers.get('Cache-Control')).toBe('no-store');
        expect(headers.has('WWW-Authenticate')).toBe(false);
      }
    });

    it('refuses a deactivated account as the JSON login does', async () => {
      const person = await member(server);
      await server.request('PATCH /users/me/deactivate', { token: person.token });
      const { status, body } = await token({ username: person.email, password: person.password });
      expect([status, body]).toEqual([403, refusal('invalid_grant', 'Account is deactivated')]);
    });

    it.each(['client_credentials', 'PASSWORD', 'constructor', ' '])('knows no grant %o', async (grant) => {
      const { status, body } = await token({ grant_type: grant, username: 'ada@example.com', password: 'secret123' });
      expect([status, body]).toEqual([400, refusal('unsupported_grant_type', 'The grant type is not supported')]);
    });

    it.each([
      ['password=secret123', 'username is missing'],
      ['username=ada%40example.com', 'password is missing'],
      ['', 'username is missing'],
      ['username=&password=', 'username is missing'],
      ['username=ada%40example.com&password=', 'password is missing'],
      ['grant_type=refresh_token', 'refresh_token is missing'],
      ['grant_type=refresh_token&refresh_token=', 'refresh_token is missing'],
      ['username=&username=c%40d.example&password=x', 'Each parameter may be sent once, as text'],
      ['username=a%40b.example&username=c%40d.example&password=x', 'Each parameter may be sent once, as text'],
      [`username=a%40b.example&password=${'x'.repeat(129)}`, 'password: Must be at most 128 characters'],
    ])('refuses the form %s', async (body, detail) => {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const answer = await post('/auth/token', body === '' ? {} : { body, headers });
      expect([answer.status, answer.body]).toEqual([400, refusal('invalid_request', detail)]);
    });

    it('takes the same form as multipart/form-data, also at /auth/introspect and /auth/revoke', async () => {
      const root = await admin(server);
      const person = await member(server);
      const send = async (path: string, fields: Record<string, string>, bearer?: string) => {
        const form = new FormData();
        for (const [name, value] of Object.entries(fields)) form.set(name, value);
        const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
        return server.fetch(basePath + path, { method: 'POST', body: form, headers });
      };
      const granted = await send('/auth/token', { username: person.email, password: person.password });
      expect(granted.status).toBe(200);
      const { access_token, refresh_token } = await granted.json();
      notes.credentials(access_token, refresh_token);
      const active = async () => {
        const answer = await send('/auth/introspect', { token: access_token }, root.token);
        return (await answer.json()).active;
      };
      expect(await active()).toBe(true);
      expect((await send('/auth/revoke', { token: refresh_token })).status).toBe(200);
      expect(await active()).toBe(false);
    });

    it('takes no JSON', async () => {
      const { status, headers, body } = await post('/auth/token', { json: { username: 'a@b.example', password: 'x' } });
      const detail = 'The body must be application/x-www-form-urlencoded in UTF-8';
      expect([status, body]).toEqual([415, refusal('invalid_request', detail)]);
      expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
    });
  });
});
