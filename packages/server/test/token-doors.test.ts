import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf, problemOf } from './problem.ts';
import {
  admin,
  type Answer,
  linkTo,
  member,
  type Person,
  startServer,
  storeOfEachAdapter,
  type TestServer,
} from './start-server.ts';

/** The kinds of tokens that we issue, of one member, each of them live. */
const kinds = ['access', 'refresh', 'reset-password', 'verify-email', 'change-email'] as const;
type Kind = (typeof kinds)[number];

const bearer = 'the bearer’s header';
const invalid = 'Invalid or expired token';

describe.each(storeOfEachAdapter)('tokens on %s', (store) => {
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store);
    root = await admin(server);
  });
  afterAll(() => server.close());

  const post = (path: string, json: object) => server.request(`POST ${path}`, { json });
  const me = (token: string) => server.request('GET /users/me', { token });

  /** A member, and a live token of each kind. */
  async function everyKind(): Promise<Person & { readonly tokens: Readonly<Record<Kind, string>> }> {
    const person = await member(server);
    const newEmail = `new.${person.email}`;
    await post('/auth/forgot-password', { email: person.email });
    const json = { new_email: newEmail, current_password: person.password };
    await server.request('POST /users/me/email', { json, token: person.token });
    const tokens = {
      access: person.token,
      refresh: person.refreshToken,
      'reset-password': await linkTo(server, person.email, 'reset-password'),
      'verify-email': await linkTo(server, person.email, 'verify-email'),
      'change-email': await linkTo(server, newEmail, 'change-email'),
    };
    return { ...person, tokens };
  }

  const newPassword = 'newSecret456';
  const noLink = [400, invalid];
  const page = [400, expect.stringContaining('This link is invalid or has expired')];
  const invalidGrant = { error: 'invalid_grant', detail: 'Invalid credentials' };
  const refuses = (path: string, field: string, refusal: unknown[], rest: object = {}) => ({
    offer: (token: string) => post(path, { [field]: token, ...rest }),
    expectRefusal: (answer: Answer) => expect(problemOf(answer)).toEqual(refusal),
  });

  /** Each place where a token is taken, the kinds that it takes, and how it says no. */
  const doors: Readonly<
    Record<
      string,
      {
        readonly takes: readonly Kind[];
        readonly offer: (token: string) => Promise<Answer>;
        readonly expectRefusal: (answer: Answer) => void;
      }
    >
  > = {
    [bearer]: {
      takes: ['access'],
      offer: me,
      expectRefusal: (answer) => expect(challengeOf(answer)).toBe(invalid),
    },
    'POST /auth/refresh': {
      takes: ['refresh'],
      ...refuses('/auth/refresh', 'refresh_token', [401, 'Invalid or expired refresh token']),
    },
    'POST /auth/token': {
      takes: ['refresh'],
      offer: (token) =>
        server.request('POST /auth/token', { form: { grant_type: 'refresh_token', refresh_token: token } }),
      expectRefusal: ({ status, body }) => expect([status, body]).toEqual([401, expect.objectContaining(invalidGrant)]),
    },
    'POST /auth/reset-password': {
      takes: ['reset-password'],
      ...refuses('/auth/reset-password', 'token', noLink, { new_password: newPassword }),
    },
    'POST /auth/verify-email': {
      takes: ['verify-email', 'change-email'],
      ...refuses('/auth/verify-email', 'token', noLink),
    },
    'POST /reset-password': {
      takes: ['reset-password'],
      offer: (token) => server.request('POST /reset-password', { form: { token, new_password: newPassword } }),
      expectRefusal: ({ status, body }) => expect([status, body]).toEqual(page),
    },
    'POST /verify-email': {
      takes: ['verify-email', 'change-email'],
      offer: (token) => server.request('POST /verify-email', { form: { token } }),
      expectRefusal: ({ status, body }) => expect([status, body]).toEqual(page),
    },
    'POST /auth/introspect': {
      takes: ['access', 'refresh'],
      offer: (token) => server.request('POST /auth/introspect', { form: { token }, token: root.token }),
      expectRefusal: ({ status, body }) => expect([status, body]).toEqual([200, { active: false }]),
    },
    'POST /auth/revoke': {
      takes: ['access', 'refresh'],
      offer: (token) => server.request('POST /auth/revoke', { form: { token } }),
      expectRefusal: ({ status }) => expect(status).toBe(200),
    },
  };

  it.each(Object.entries(doors))('of other kinds open nothing at %s, and stay what they are', async (_, door) => {
    const { tokens } = await everyKind();
    for (const kind of kinds.filter((each) => !door.takes.includes(each))) {
      door.expectRefusal(await door.offer(tokens[kind]));
    }
    // A credential that was refused elsewhere still works where it belongs. A reset ends the session, so it comes last.
    expect((await me(tokens.access)).status).toBe(200);
    expect((await post('/auth/refresh', { refresh_token: tokens.refresh })).status).toBe(200);
    expect((await post('/auth/verify-email', { token: tokens['verify-email'] })).status).toBe(204);
    expect(
      (await post('/auth/reset-password', { token: tokens['reset-password'], new_password: newPassword })).status,
    ).toBe(204);
  });

  it.each(Object.entries(doors))(
    'open %s whole, and no part of them does (GHSA-6mq3-xmgp-pjm5)',
    async (name, door) => {
      for (const kind of door.takes) {
        const { tokens } = await everyKind();
        const token = tokens[kind];
        // Of the long one some parts: its own tests see all. No token in a header or a grant is no bad one.
        const step = kind === 'access' ? 17 : 1;
        const lengths: number[] = [];
        for (
          let length = token.length - 1;
          length >= ([bearer, 'POST /auth/token'].includes(name) ? 1 : 0);
          length -= step
        )
          lengths.push(length);
        const answers = await Promise.all(lengths.map((length) => door.offer(token.slice(0, length))));
        for (const answer of answers) door.expectRefusal(answer);
        expect((await me(tokens.access)).status).toBe(200);
        expect((await door.offer(token)).status, kind).toBeLessThan(300);
      }
    },
  );

  it.each([
    ['nothing behind the scheme', () => 'Bearer'],
    ['a tab for a space', (token: string) => `Bearer\t${token}`],
    ['a tab behind the token', (token: string) => `Bearer ${token}\tx`],
    ['two tokens', (token: string) => `Bearer ${token} ${token}`],
    ['a list', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['a list that begins with nothing', (token: string) => `Bearer ,${token}`],
    ['a comma behind the token', (token: string) => `Bearer ${token},`],
    ['a name for the token', (token: string) => `Bearer token=${token}`],
    ['quotes', (token: string) => `Bearer "${token}"`],
  ])('are none in a header of %s, and read as an anonymous reader does', async (_, headerOf) => {
    const { token } = await member(server);
    const headers = { Authorization: headerOf(token) };
    expect(challengeOf(await server.request('GET /users/me', { headers }))).toBe(invalid);
    const [read, anonymous] = [await server.request('GET /posts', { headers }), await server.request('GET /posts')];
    expect([read.status, read.body]).toEqual([200, anonymous.body]);
  });

  it('are looked for in no body, no query and no cookie', async () => {
    const { token } = await member(server);
    const named = { access_token: token, token, authorization: `Bearer ${token}` };
    const query = new URLSearchParams(named);
    const headers = { Cookie: `access_token=${token}; token=${token}`, 'X-Access-Token': token };
    for (const [methodAndPath, rest] of [
      ['GET /users/me', {}],
      ['PATCH /users/me', { json: { ...named, city: 'Nowhere' } }],
      ['POST /auth/introspect', { form: named }],
    ] as const) {
      const { status } = await server.request(`${methodAndPath}?${query}`, { ...rest, headers });
      expect([methodAndPath, status]).toEqual([methodAndPath, 401]);
    }
    expect((await me(token)).body.city).toBe('Unknown');
  });
});
