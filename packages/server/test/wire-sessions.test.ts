import { ManualClock } from '@sallyport/adapters-memory/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf, invalidOf, problemOf } from './problem.ts';
import {
  admin,
  type Answer,
  member,
  type Person,
  sessionOf,
  startServer,
  stores,
  type TestServer,
} from './start-server.ts';

const minute = 60;
const day = 24 * 60 * minute;
const invalidToken = 'Invalid or expired token';
const noRefresh = [401, 'Invalid or expired refresh token'];

describe.each(stores)('the sessions of %s', (store) => {
  const clock = new ManualClock();
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store, { clock });
    root = await admin(server);
  });
  afterAll(() => server.close());

  const me = (token: string) => server.request('GET /users/me', { token });
  const refresh = (refreshToken: string, token?: string) =>
    server.request('POST /auth/refresh', { json: { refresh_token: refreshToken }, token });
  /** The admin's token; time passes, and one does not hold for long. */
  const asAdmin = async () => {
    const { accessToken } = await server.application.login.execute({}, { email: root.email, password: root.password });
    return accessToken;
  };
  const logIn = async ({ email, password }: Person, userAgent?: string) => {
    const headers = userAgent === undefined ? {} : { 'User-Agent': userAgent };
    return (await server.request('POST /auth/login', { json: { email, password }, headers })).body;
  };
  const auditOf = async ({ id }: Person, type: string): Promise<any[]> =>
    (await server.request(`GET /admin/audit?subject_id=${id}&type=${type}`, { token: await asAdmin() })).body;

  /** Refreshes, and says what is to come next. */
  async function next(refreshToken: string): Promise<string> {
    const { status, body } = await refresh(refreshToken);
    expect(status).toBe(200);
    return body.refresh_token;
  }

  const expectEnded = async (token: string, refreshToken: string) => {
    expect(challengeOf(await me(token))).toBe(invalidToken);
    expect(problemOf(await refresh(refreshToken))).toEqual(noRefresh);
  };

  describe('POST /auth/refresh', () => {
    it('answers as the login does, with new tokens of the same session', async () => {
      const person = await member(server);
      const { status, headers, body } = await refresh(person.refreshToken);
      expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
      expect(body).toEqual({
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: 30 * minute,
        refresh_token: expect.any(String),
        user: (await me(person.token)).body,
      });
      expect(body.access_token).not.toBe(person.token);
      expect(body.refresh_token).not.toBe(person.refreshToken);
      expect(sessionOf(body.access_token)).toBe(sessionOf(person.token));
      expect((await me(body.access_token)).status).toBe(200);
    });

    it('goes on when the access token has run out, and needs none', async () => {
      const { token, refreshToken } = await member(server);
      clock.advance(30 * minute);
      expect(challengeOf(await me(token))).toBe(invalidToken);
      const { access_token } = (await refresh(refreshToken)).body;
      expect((await me(access_token)).status).toBe(200);
    });

    it('turns once for ten who come at once with one token', async () => {
      const { refreshToken } = await member(server);
      const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
    });

    it('answers the very same successor for half a minute, since an answer may be lost', async () => {
      const { refreshToken } = await member(server);
      const second = await next(refreshToken);
      clock.advance(30);
      expect(await next(refreshToken)).toBe(second);
      expect(await next(second)).not.toBe(second);
    });

    it.each([
      ['later than that', 1],
      ['older than the one before', 2],
    ])('takes a token that is used again %s as stolen: the session ends', async (_, turns) => {
      const person = await member(server);
      let newest = await refresh(person.refreshToken);
      if (turns > 1) newest = await refresh(newest.body.refresh_token);
      else clock.advance(31);
      const other = await logIn(person);
      expect(problemOf(await refresh(person.refreshToken))).toEqual(noRefresh);

      await expectEnded(newest.body.access_token, newest.body.refresh_token);
      await expectEnded(person.token, person.refreshToken);
      expect((await me(other.access_token)).status).toBe(200);
      const stolen = { type: 'session.stolen', actor_id: null, subject_id: person.id, ip: '127.0.0.1' };
      expect(await auditOf(person, 'session.stolen')).toEqual([expect.objectContaining(stolen)]);
      await server.sendMails();
      const told = server.mailbox.mails.filter(({ to, kind }) => to === person.email && kind === 'session-stolen');
      expect(told).toEqual([expect.not.objectContaining({ token: expect.anything() })]);
    });

    it('refuses what is no live token of ours, and any text is as good as another', async () => {
      const { token, refreshToken } = await member(server);
      const bent = [refreshToken.slice(0, -1), `${refreshToken}=`, ` ${refreshToken}`, `${refreshToken}x`];
      const other = (await member(server)).refreshToken;
      const swapped = refreshToken.slice(0, -10) + other.slice(-10);
      for (const bad of ['', ' ', 'x', '\0', 'x'.repeat(100_000), token, swapped, ...bent]) {
        const answer = await refresh(bad);
        expect(problemOf(answer), bad.slice(0, 100)).toEqual(noRefresh);
        expect(answer.headers.has('WWW-Authenticate')).toBe(false);
      }
      expect((await refresh(refreshToken)).status).toBe(200);
    });

    it('refuses an input that is none', async () => {
      const ask = (json: unknown) => server.request('POST /auth/refresh', { json });
      expect(invalidOf(await ask({}))).toEqual({ '/refresh_token': 'Field required' });
      expect(invalidOf(await ask({ refresh_token: 7 }))).toEqual({ '/refresh_token': 'Must be a string' });
    });

    it('lets no refresh token in as a bearer', async () => {
      const { refreshToken } = await member(server);
      expect(challengeOf(await me(refreshToken))).toBe(invalidToken);
    });

    it('refuses the deactivated and the deleted (GHSA-2vg6-77g8-24mp)', async () => {
      const [idle, gone] = [await member(server), await member(server)];
      await server.request('PATCH /users/me/deactivate', { token: idle.token });
      await server.request('DELETE /users/me', { token: gone.token });
      for (const { refreshToken } of [idle, gone]) expect(problemOf(await refresh(refreshToken))).toEqual(noRefresh);
    });

    it('ends after thirty days without use', async () => {
      const [used, idle] = [await member(server), await member(server)];
      clock.advance(30 * day - 1);
      await next(used.refreshToken);
      clock.advance(1);
      expect(problemOf(await refresh(idle.refreshToken))).toEqual(noRefresh);
    });

    it('ends after ninety days, however busy', async () => {
      let { refreshToken } = await member(server);
      for (let month = 0; month < 3; month += 1) {
        clock.advance(30 * day - 1);
        refreshToken = await next(refreshToken);
      }
      clock.advance(3);
      expect(problemOf(await refresh(refreshToken))).toEqual(noRefresh);
    });
  });

  describe('POST /auth/token with a refresh token', () => {
    const grant = (form: Record<string, string>) =>
      server.request('POST /auth/token', { form: { grant_type: 'refresh_token', ...form } });
    const refusal = (error: string, text: string) => ({ error, error_description: text, detail: text });

    it('answers as RFC 6749 says, and knows the same tokens as the JSON way', async () => {
      const { id, refreshToken } = await member(server);
      const { status, headers, body } = await grant({ refresh_token: refreshToken });
      expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
      expect(body).toEqual({
        access_token: expect.any(String),
        token_type: 'bearer',
        expires_in: 30 * minute,
        refresh_token: expect.any(String),
      });
      expect((await me(body.access_token)).body.id).toBe(id);
      expect(await next(refreshToken)).toBe(body.refresh_token);
    });

    it('refuses as RFC 6749 says', async () => {
      for (const token of ['x', (await member(server)).token]) {
        const { status, headers, body } = await grant({ refresh_token: token });
        expect([status, body]).toEqual([401, refusal('invalid_grant', 'Invalid credentials')]);
        expect(headers.has('WWW-Authenticate')).toBe(false);
      }
      for (const nothing of [{}, { refresh_token: '' }]) {
        const { status, body } = await grant(nothing);
        expect([status, body]).toEqual([400, refusal('invalid_request', 'refresh_token is missing')]);
      }
    });
  });

  describe('an ended session', () => {
    const end = (id: string, token: string) => server.request(`DELETE /users/me/sessions/${id}`, { token });
    const isDone = ({ status, body, headers }: Answer) =>
      expect([status, body, headers.get('Cache-Control')]).toEqual([204, '', 'no-store']);

    it('is one that its user ends, this one or another, and none else', async () => {
      const person = await member(server);
      const [second, third] = [await logIn(person), await logIn(person)];
      isDone(await end(sessionOf(second.access_token), person.token));
      await expectEnded(second.access_token, second.refresh_token);
      expect((await me(third.access_token)).status).toBe(200);
      isDone(await end(sessionOf(person.token), person.token));
      await expectEnded(person.token, person.refreshToken);
      expect((await me(third.access_token)).status).toBe(200);
    });

    it('is not found again, nor is another member’s, nor one that never was', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      const over = sessionOf((await logIn(ada)).access_token);
      isDone(await end(over, ada.token));
      for (const id of [over, sessionOf(bob.token), 'A'.repeat(22)]) {
        expect(problemOf(await end(id, ada.token))).toEqual([404, 'Session not found']);
      }
      expect((await me(bob.token)).status).toBe(200);
      expect(Object.keys(invalidOf(await end('x', ada.token)))).toEqual(['/id']);
    });

    it('is each of them when a member logs out everywhere', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      const other = await logIn(ada);
      isDone(await server.request('DELETE /users/me/sessions', { token: ada.token }));
      await expectEnded(ada.token, ada.refreshToken);
      await expectEnded(other.access_token, other.refresh_token);
      expect((await me(bob.token)).status).toBe(200);
      const ended = { actor_id: ada.id, subject_id: ada.id, detail: { count: 2 } };
      expect(await auditOf(ada, 'session.ended')).toEqual([expect.objectContaining(ended)]);
    });

    it('is the one that logs out, its refresh token too (CVE-2025-3930)', async () => {
      const person = await member(server);
      const other = await logIn(person);
      isDone(await server.request('POST /auth/logout', { token: person.token }));
      await expectEnded(person.token, person.refreshToken);
      expect((await refresh(other.refresh_token)).status).toBe(200);
    });

    it('is every earlier one when the password changes, including the one that changed it', async () => {
      const person = await member(server);
      const other = await logIn(person);
      const json = { current_password: person.password, new_password: 'newSecret456' };
      const changed = await server.request('PATCH /users/me/password', { token: person.token, json });
      expect(changed.status).toBe(200);
      await expectEnded(other.access_token, other.refresh_token);
      await expectEnded(person.token, person.refreshToken);
      expect((await refresh(changed.body.refresh_token)).status).toBe(200);
    });

    it('is each session of a member that an admin logs out', async () => {
      const person = await member(server);
      const other = await logIn(person);
      const token = await asAdmin();
      isDone(await server.request(`DELETE /admin/users/${person.id}/sessions`, { token }));
      await expectEnded(person.token, person.refreshToken);
      await expectEnded(other.access_token, other.refresh_token);
      expect((await me((await logIn(person)).access_token)).status).toBe(200);
      const ended = { actor_id: root.id, subject_id: person.id, detail: { count: 2 } };
      expect(await auditOf(person, 'session.ended')).toEqual([expect.objectContaining(ended)]);
      const unknown = await server.request('DELETE /admin/users/999999/sessions', { token });
      expect(problemOf(unknown)).toEqual([404, 'User not found']);
    });
  });
});
