import { MemoryRateLimiter } from '@sallyport/adapters-memory';
import { ManualClock } from '@sallyport/adapters-memory/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ports, replace } from '../src/index.ts';
import { problemOf } from './problem.ts';
import {
  admin,
  invitee,
  linkTo,
  login,
  mailedTo,
  startServer,
  type Person,
  type Store,
  storeOfEachAdapter,
  type TestServer,
  unusedName,
} from './start-server.ts';

const minute = 60;
const password = 'secret123';
const unknown = [401, 'Invalid email or password'];
const notVerified = [403, 'Email is not verified'];

describe.each(storeOfEachAdapter)('registration on %s', (store) => {
  const newAddress = () => `${unusedName().toLowerCase()}@example.com`;
  const register = ({ request }: TestServer, email: string) =>
    request('POST /auth/register', { json: { name: 'Ada', email, password, age: 36 } });

  async function using(environment: Record<string, string>, act: (server: TestServer, root: Person) => Promise<void>) {
    const server = await startServer(store, { environment });
    try {
      await act(server, await admin(server));
    } finally {
      await server.close();
    }
  }

  it.each(['invited', 'closed'])('is refused with 403 where it is %s, known address or not', (registration) =>
    using({ REGISTRATION: registration }, async (server, root) => {
      for (const email of [newAddress(), root.email]) {
        expect(problemOf(await register(server, email))).toEqual([403, 'Registration is closed']);
        expect(await mailedTo(server, email)).toEqual([]);
      }
      const wrong = await server.request('POST /auth/register', { json: {} });
      expect(wrong.status).toBe(422);
      const { body } = await server.request('GET /admin/users', { token: root.token });
      expect(body.map(({ id }: any) => id)).toEqual([root.id]);
    }),
  );

  it('is left to admins where it is invited', () =>
    using({ REGISTRATION: 'invited' }, async (server, root) => {
      const { email } = await invitee(server, root);
      const json = { token: await linkTo(server, email, 'invitation'), new_password: 'newSecret456' };
      expect((await server.request('POST /auth/reset-password', { json })).status).toBe(204);
      await login(server, email, 'newSecret456');
    }));

  it('is left to nothing but the command line where it is closed', () =>
    using({ REGISTRATION: 'closed' }, async (server, root) => {
      const json = { name: 'Ada', email: newAddress() };
      const { token } = root;
      expect(problemOf(await server.request('POST /admin/users', { token, json }))).toEqual([
        403,
        'Registration is closed',
      ]);
      expect(await mailedTo(server, json.email)).toEqual([]);
    }));
});

describe.each(storeOfEachAdapter)('a login where addresses must be verified, on %s', (store: Store) => {
  const clock = new ManualClock();
  let server: TestServer;
  beforeAll(async () => {
    const environment = { EMAIL_VERIFICATION: 'required', RATE_LIMITS: 'on', LOGIN_RATE_LIMIT: '100/minute' };
    const overrides = [replace(ports.rateLimiter, new MemoryRateLimiter())];
    server = await startServer(store, { environment, clock, overrides });
  });
  afterAll(() => server.close());

  const attempt = (email: string, secret = password) =>
    server.request('POST /auth/login', { json: { email, password: secret } });
  const verify = (token: string) => server.request('POST /auth/verify-email', { json: { token } });

  /** Registers, and returns the address. Time passes, so that no limit of the client's address is met. */
  async function registered(): Promise<string> {
    clock.advance(60 * minute);
    const email = `${unusedName().toLowerCase()}@example.com`;
    const json = { name: 'Ada', email, password, age: 36 };
    expect((await server.request('POST /auth/register', { json })).status).toBe(201);
    await server.sendMails();
    return email;
  }

  it('is refused with 403 to the owner, who gets the link once more, and succeeds once it was used', async () => {
    const email = await registered();
    const refused = await attempt(email);
    expect(problemOf(refused)).toEqual(notVerified);
    expect(JSON.stringify(refused.body)).not.toContain('token');
    expect(await mailedTo(server, email)).toEqual(['verify-email', 'verify-email']);
    expect((await verify(await linkTo(server, email, 'verify-email'))).status).toBe(204);
    const { status, body } = await attempt(email);
    expect([status, body.user.email_verified]).toEqual([200, true]);
  });

  it('tells a caller with a wrong password nothing: the answer is that for an unknown address', async () => {
    const email = await registered();
    for (const address of [email, 'unknown@example.com']) {
      const answer = await attempt(address, 'secret124');
      expect(problemOf(answer)).toEqual(unknown);
      expect(Object.keys(answer.body)).toEqual(Object.keys((await attempt('other@example.com')).body));
    }
    expect(await mailedTo(server, email)).toEqual(['verify-email']);
  });

  it('says the same beyond the limit of such mails, and sends none', async () => {
    const email = await registered();
    for (let count = 0; count < 8; count += 1) expect(problemOf(await attempt(email))).toEqual(notVerified);
    expect(await mailedTo(server, email)).toHaveLength(1 + 1);
    clock.advance(60 * minute);
    expect(problemOf(await attempt(email))).toEqual(notVerified);
    expect(await mailedTo(server, email)).toHaveLength(1 + 2);
  });

  it('is refused in the words of OAuth at the token endpoint', async () => {
    const email = await registered();
    const form = { username: email, password };
    const { status, headers, body } = await server.request('POST /auth/token', { form });
    const text = 'Email is not verified';
    expect([status, body]).toEqual([403, { error: 'invalid_grant', error_description: text, detail: text }]);
    expect(headers.has('WWW-Authenticate')).toBe(false);
  });

  it('succeeds after a reset, whose link verifies the address as well', async () => {
    const email = await registered();
    await server.request('POST /auth/forgot-password', { json: { email } });
    const json = { token: await linkTo(server, email, 'reset-password'), new_password: 'newSecret456' };
    expect((await server.request('POST /auth/reset-password', { json })).status).toBe(204);
    expect((await attempt(email, 'newSecret456')).body.user.email_verified).toBe(true);
  });

  it('records each refusal for the admins', async () => {
    const email = await registered();
    await attempt(email);
    const { id, ...root } = await admin(server);
    const { body } = await server.request('GET /admin/audit?type=user.login_refused&limit=1', { token: root.token });
    expect(body).toMatchObject([{ actor_id: null, subject_id: expect.any(Number), ip: '127.0.0.1' }]);
    expect(body[0].subject_id).not.toBe(id);
  });
});
