import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf, invalidOf, problemOf } from './problem.ts';
import { basePath, login, member, startServer, stores, type TestServer, unusedName } from './start-server.ts';

/** The input of a registration. */
function newcomer() {
  const name = unusedName();
  return { name, email: `${name.toLowerCase()}@example.com`, password: 'secret123', age: 36 };
}

const invalidToken = 'Invalid or expired token';

const decode = (part: string | undefined) => JSON.parse(Buffer.from(part ?? '', 'base64url').toString());

describe.each(stores)('the accounts and sessions of %s', (store) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(store);
  });
  afterAll(() => server.close());

  const post = (path: string, options: object) => server.request(`POST ${path}`, options);
  const me = (token: string) => server.request('GET /users/me', { token });

  describe('POST /auth/register', () => {
    const register = (json: unknown) => post('/auth/register', { json });

    it('answers 201 with the user', async () => {
      const { password: _, ...profile } = newcomer();
      const { status, headers, body } = await register({ ...profile, city: 'London', password: 'newSecret456' });
      expect(status).toBe(201);
      expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8');
      expect(headers.get('Cache-Control')).toBe('no-store');
      expect(body).toEqual({
        ...profile,
        city: 'London',
        id: expect.any(Number),
        role: 'user',
        is_active: true,
        email_verified: false,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      });
    });

    it.each([{}, { city: null }])('calls the city Unknown where it is absent: %o', async (rest) => {
      expect((await register({ ...newcomer(), ...rest })).body.city).toBe('Unknown');
    });

    it('trims the text and folds the address', async () => {
      const { name, email, ...rest } = newcomer();
      const { status, body } = await register({ ...rest, name: ` ${name} `, email: ` ${email.toUpperCase()} ` });
      expect([status, body.name, body.email]).toEqual([201, name, email]);
    });

    it('gives no caller what is not theirs to ask for, nor takes an address as proven (CVE-2026-27946)', async () => {
      const wanted = { id: 99_999, role: 'admin', is_active: false, isActive: false, email_verified: true };
      const { status, body } = await register({ ...newcomer(), ...wanted, created_at: '2000-01-01T00:00:00.000Z' });
      expect([status, body]).toMatchObject([201, { role: 'user', is_active: true, email_verified: false }]);
      expect(body.id).not.toBe(wanted.id);
      expect(body.created_at).not.toMatch(/^2000/);
    });

    it('refuses an address that is registered, however it is spelt', async () => {
      const person = newcomer();
      await register(person);
      for (const email of [person.email, person.email.toUpperCase(), ` ${person.email} `]) {
        expect(problemOf(await register({ ...newcomer(), email }))).toEqual([400, 'Email already registered']);
      }
    });

    it('lets one of ten in who come at once with one address', async () => {
      const person = newcomer();
      const answers = await Promise.all(Array.from({ length: 10 }, () => register(person)));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, ...Array(9).fill(400)]);
    });

    it('tells of every field that is missing or wrong, each once and by its name', async () => {
      const required = 'Field required';
      const all = { '/name': required, '/email': required, '/password': required, '/age': required };
      expect(invalidOf(await register({}))).toEqual(all);
      expect(invalidOf(await register({ name: 'A', email: 'ada', password: '', age: '36', city: 7 }))).toEqual({
        '/name': 'Must be at least 2 characters',
        '/email': 'Must be an e-mail address',
        '/password': 'Must be at least 8 characters',
        '/age': 'Must be a number',
        '/city': 'Must be a string',
      });
    });

    it.each([
      ['12345678', 'Password cannot be only numbers'],
      ['onlyletters', 'Password must include at least one number'],
      ['password1', 'Password is among the most common ones'],
      [`${'x1'.repeat(64)}x`, 'Must be at most 128 characters'],
    ])('refuses the password %s', async (password, detail) => {
      expect(invalidOf(await register({ ...newcomer(), password }))).toEqual({ '/password': detail });
    });

    it.each(['onlylettersbutlong', 'x1'.repeat(64), 'pass wörd'])('takes the password %s', async (password) => {
      expect((await register({ ...newcomer(), password })).status).toBe(201);
    });

    const widest = { name: 'A'.repeat(50), age: 150, city: 'C'.repeat(50) };
    it.each([{ name: 'Al', age: 0 }, widest])('takes what is just within bounds', async (fields) => {
      expect((await register({ ...newcomer(), ...fields })).status).toBe(201);
    });

    it.each([{ name: 'A'.repeat(51) }, { age: -1 }, { age: 151 }, { age: 36.5 }, { city: 'C'.repeat(51) }])(
      'refuses what is just beyond',
      async (fields) => {
        const { status, body } = await register({ ...newcomer(), ...fields });
        expect([status, body.errors.map(({ pointer }: any) => pointer)]).toEqual([422, [`/${Object.keys(fields)[0]}`]]);
      },
    );
  });

  describe('POST /auth/login', () => {
    const logIn = (json: unknown) => post('/auth/login', { json });

    it('answers 200 with a token for half an hour and the user', async () => {
      const { email, password, token } = await member(server);
      const { status, headers, body } = await logIn({ email, password });
      expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
      const user = (await me(token)).body;
      expect(body).toEqual({
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: 1800,
        refresh_token: expect.any(String),
        user,
      });
      expect((await me(body.access_token)).body).toEqual(user);
    });

    it('issues tokens that say what RFC 9068 asks for, and no more', async () => {
      const { id, token } = await member(server);
      const [header, claims] = token.split('.').slice(0, 2).map(decode);
      expect(header).toEqual({ typ: 'at+jwt', alg: 'EdDSA', kid: expect.any(String) });
      expect(claims).toEqual({
        iss: `http://sallyport.test${basePath}`,
        aud: `http://sallyport.test${basePath}`,
        sub: String(id),
        client_id: 'sallyport',
        sid: expect.stringMatching(/^[\w-]{22}$/),
        jti: expect.any(String),
        iat: expect.any(Number),
        exp: claims.iat + 1800,
      });
    });

    it('takes any spelling of the address', async () => {
      const { email, password } = await member(server);
      expect((await logIn({ email: ` ${email.toUpperCase()} `, password })).status).toBe(200);
    });

    it('says the same of an unknown address and a wrong password, without a challenge', async () => {
      const { email } = await member(server);
      for (const json of [
        { email, password: 'secret124' },
        { email, password: '' },
        { email: 'nobody@example.com', password: 'secret123' },
      ]) {
        const answer = await logIn(json);
        expect(problemOf(answer)).toEqual([401, 'Invalid email or password']);
        expect(answer.headers.has('WWW-Authenticate')).toBe(false);
      }
    });

    it('tells those alone that an account is deactivated who know its password', async () => {
      const { email, password, token } = await member(server);
      await server.request('PATCH /users/me/deactivate', { token });
      expect(problemOf(await logIn({ email, password }))).toEqual([403, 'Account is deactivated']);
      expect(problemOf(await logIn({ email, password: 'secret124' }))).toEqual([401, 'Invalid email or password']);
    });

    it('refuses an input that is none', async () => {
      expect(invalidOf(await logIn({}))).toEqual({ '/email': 'Field required', '/password': 'Field required' });
      expect(invalidOf(await logIn({ email: 'ada', password: 7 }))).toEqual({
        '/email': 'Must be an e-mail address',
        '/password': 'Must be a string',
      });
    });
  });

  describe('POST /auth/logout', () => {
    it('answers 204 and kills this session alone, at once', async () => {
      const { email, password, token } = await member(server);
      const other = await login(server, email, password);
      const { status, headers, body } = await post('/auth/logout', { token });
      expect([status, body, headers.get('Cache-Control')]).toEqual([204, '', 'no-store']);
      expect(challengeOf(await me(token))).toBe(invalidToken);
      expect(challengeOf(await post('/auth/logout', { token }))).toBe(invalidToken);
      expect((await me(other)).status).toBe(200);
    });
  });

  describe('a bearer token', () => {
    it('is asked for', async () => {
      expect(challengeOf(await server.request('GET /users/me'))).toBe('Not authenticated');
      const basic = { Authorization: 'Basic YWRhQGV4YW1wbGUuY29tOnNlY3JldDEyMw==' };
      expect(challengeOf(await server.request('GET /users/me', { headers: basic }))).toBe('Not authenticated');
    });

    it('is read from the header alone, whose scheme may be written as one likes', async () => {
      const { token } = await member(server);
      for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
        const headers = { Authorization: `${scheme} ${token}` };
        expect((await server.request('GET /users/me', { headers })).status).toBe(200);
      }
      expect(challengeOf(await server.request(`GET /users/me?access_token=${token}`))).toBe('Not authenticated');
      const headers = { Cookie: `access_token=${token}` };
      expect(challengeOf(await server.request('GET /users/me', { headers }))).toBe('Not authenticated');
    });

    it('that is none, or was bent, is refused, and reads as an anonymous reader does', async () => {
      const { token } = await member(server);
      const [header, claims, signature = ''] = token.split('.');
      const forged = Buffer.from(JSON.stringify({ ...decode(claims), sub: '1' })).toString('base64url');
      const unsigned = Buffer.from('{"typ":"at+jwt","alg":"none"}').toString('base64url');
      for (const bad of [
        'x',
        `${token}=`,
        `${token} x`,
        `${header}.${claims}.`,
        `${header}.${forged}.${signature}`,
        `${unsigned}.${claims}.`,
        `${header}.${claims}.${signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}`,
      ]) {
        expect(challengeOf(await me(bad))).toBe(invalidToken);
        expect((await server.request('GET /posts', { token: bad })).body).toEqual(
          (await server.request('GET /posts')).body,
        );
      }
      expect(challengeOf(await server.request('GET /users/me', { headers: { Authorization: 'Bearer' } }))).toBe(
        invalidToken,
      );
    });

    it('is judged by its user before its session', async () => {
      const [gone, idle] = [await member(server), await member(server)];
      await server.request('DELETE /users/me', { token: gone.token });
      await post('/auth/logout', { token: idle.token });
      const second = await login(server, idle.email, idle.password);
      await server.request('PATCH /users/me/deactivate', { token: second });
      expect(challengeOf(await me(gone.token))).toBe('User no longer exists');
      // Of a session that had ended before the account was deactivated too.
      for (const token of [idle.token, second])
        expect(problemOf(await me(token))).toEqual([403, 'Account is deactivated']);
      expect((await me(second)).headers.has('WWW-Authenticate')).toBe(false);
    });
  });
});
