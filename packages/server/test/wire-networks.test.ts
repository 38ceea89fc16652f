import { ManualClock } from '@sallyport/adapters-memory/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { problemOf } from './problem.ts';
import {
  admin,
  linkTo,
  mailedTo,
  member,
  type Person,
  startServer,
  storeOfEachAdapter,
  type TestServer,
} from './start-server.ts';

const environment = { RATE_LIMITS: 'on', TRUST_PROXY: '127.0.0.1', LOGIN_RATE_LIMIT: '1000/minute' };
const day = 24 * 3600;
const [home, nextDoor, cafe] = ['203.0.113.7', '203.0.113.250', '198.51.100.7'];

/** An address in a network of its own. */
const botOf = (n: number) => `100.${64 + Math.trunc(n / 250)}.${n % 250}.1`;

describe.each(storeOfEachAdapter)('the networks of clients, on %s', (store) => {
  const clock = new ManualClock();
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(store, { environment, clock });
  });
  afterAll(() => server.close());
  beforeEach(() => clock.advance(day));

  const send = (ip: string, methodAndPath: string, json: object, token?: string) =>
    server.request(methodAndPath, { json, token, headers: { 'x-forwarded-for': ip } });
  const logIn = (ip: string, { email }: Pick<Person, 'email'>, password = 'secret123') =>
    send(ip, 'POST /auth/login', { email, password });
  const refresh = (ip: string, token: string) => send(ip, 'POST /auth/refresh', { refresh_token: token });
  const forgot = (ip: string, { email }: Pick<Person, 'email'>) => send(ip, 'POST /auth/forgot-password', { email });

  describe('an account that bots guess', () => {
    /** A member who has logged in at home, and whose account bots have used up since. */
    async function besieged() {
      const person = await member(server);
      await logIn(home, person);
      const { login } = server.application;
      for (let n = 0; n < 120; n += 1) {
        await login.execute({ ip: botOf(n) }, { email: person.email, password: 'wrong-1' }).catch(() => {});
      }
      return person;
    }

    it('lets its owner in at home, and keeps other places waiting', async () => {
      const person = await besieged();
      expect((await logIn(cafe, person)).status).toBe(429);
      expect((await logIn(nextDoor, person)).status).toBe(200);
    });

    it('lets its owner in on a new device, once the link of a reset was used there', async () => {
      const person = await besieged();
      expect((await forgot(cafe, person)).status).toBe(200);
      const token = await linkTo(server, person.email, 'reset-password');
      const reset = await send(cafe, 'POST /auth/reset-password', { token, new_password: 'newSecret456' });
      expect(reset.status).toBe(204);
      for (let n = 200; n < 320; n += 1) {
        await server.application.login
          .execute({ ip: botOf(n) }, { email: person.email, password: 'wrong-1' })
          .catch(() => {});
      }
      expect((await logIn(cafe, person, 'newSecret456')).status).toBe(200);
    });
  });

  it('get the same successor of a refresh token twice a day, and end the session the third time', async () => {
    const person = await member(server);
    const root = await admin(server);
    let token: string = (await logIn(home, person)).body.refresh_token;
    for (const thief of [botOf(1), botOf(2)]) {
      const { body } = await refresh(home, token);
      expect((await refresh(thief, token)).body.refresh_token).toBe(body.refresh_token);
      token = body.refresh_token;
    }
    const { body: newest } = await refresh(home, token);
    expect(problemOf(await refresh(botOf(3), token))).toEqual([401, 'Invalid or expired refresh token']);
    token = newest.refresh_token;
    expect((await refresh(home, token)).status).toBe(401);
    const { body: audit } = await server.request(`GET /admin/audit?subject_id=${person.id}`, { token: root.token });
    const types = audit.map(({ type }: { type: string }) => type);
    expect(types.slice(0, 4)).toEqual(['session.stolen', 'session.shared', 'session.shared', 'session.shared']);
    expect(await mailedTo(server, person.email)).toContain('session-stolen');
  });

  it('cause no more mail than a recipient may get, and are answered alike', async () => {
    const person = await member(server);
    const token = await linkTo(server, person.email, 'verify-email');
    await send(cafe, 'POST /auth/verify-email', { token });
    clock.advance(2 * day);
    const answers = new Set<string>();
    for (let n = 0; n < 30; n += 1) {
      answers.add(JSON.stringify((await forgot(botOf(n % 6), person)).body));
      if (n % 5 === 4) clock.advance(900);
      await server.sendMails();
    }
    const resets = (await mailedTo(server, person.email)).filter((kind) => kind === 'reset-password');
    expect(resets.length).toBe(7);
    expect(answers.size).toBe(1);
    await logIn(home, person);
    await forgot(home, person);
    expect(await mailedTo(server, person.email)).toHaveLength(1 + 7 + 1);
  });

  it('end a session in which the password is guessed, and tell its owner', async () => {
    const person = await member(server);
    const { body } = await logIn(home, person);
    const guess = () =>
      send(
        cafe,
        'PATCH /users/me/password',
        { current_password: 'wrong-1', new_password: 'newSecret456' },
        body.access_token,
      );
    for (let n = 0; n < 10; n += 1) expect((await guess()).status).toBe(400);
    expect((await guess()).status).toBe(401);
    expect((await server.request('GET /users/me', { token: person.token })).status).toBe(200);
    expect(await mailedTo(server, person.email)).toContain('session-stolen');
  });
});
