import { ManualClock } from '@sallyport/adapters-memory/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextOf } from './next-page.ts';
import { challengeOf, invalidOf, problemOf } from './problem.ts';
import {
  admin,
  type Answer,
  invitee,
  linkTo,
  login,
  member,
  type Person,
  sessionOf,
  startServer,
  stores,
  type TestServer,
} from './start-server.ts';

const minute = 60;
const day = 24 * 60 * minute;
const idsOf = ({ body }: Answer): string[] => body.map(({ id }: any) => id);

describe.each(stores)('the lists of sessions of %s', (store) => {
  const clock = new ManualClock();
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store, { clock });
    root = await admin(server);
  });
  afterAll(() => server.close());

  const list = (token: string, query = '') => server.request(`GET /users/me/sessions${query}`, { token });
  const logIn = async ({ email, password }: Pick<Person, 'email' | 'password'>, userAgent = 'A browser') => {
    const headers = { 'User-Agent': userAgent };
    return (await server.request('POST /auth/login', { json: { email, password }, headers })).body;
  };
  /** The sessions of an account, as an admin sees them in a new session. */
  const listOf = async ({ id }: { id: number }, query = '') => {
    const token = await login(server, root.email, root.password);
    return server.request(`GET /admin/users/${id}/sessions${query}`, { token });
  };

  describe('GET /users/me/sessions', () => {
    it('answers those that live, the newest first, and says which one asks', async () => {
      const person = await member(server);
      clock.advance(minute);
      const phone = await logIn(person, 'A telephone');
      const [created, used] = [clock.now().toISOString(), new Date(clock.now().getTime() + minute * 1000)];
      clock.advance(minute);
      const refreshed = await server.request('POST /auth/refresh', { json: { refresh_token: phone.refresh_token } });
      const { access_token: token } = refreshed.body;
      await server.request('POST /auth/logout', { token: (await logIn(person)).access_token });

      const { status, headers, body } = await list(token);
      expect([status, headers.get('Cache-Control'), headers.has('Link')]).toEqual([200, 'no-store', false]);
      expect(body).toEqual([
        {
          id: sessionOf(token),
          created_at: created,
          last_used_at: used.toISOString(),
          expires_at: new Date(used.getTime() + 30 * day * 1000).toISOString(),
          authenticated_at: created,
          methods: ['pwd'],
          ip: '127.0.0.1',
          user_agent: 'A telephone',
          current: true,
        },
        expect.objectContaining({ id: sessionOf(person.token), ip: null, user_agent: null, current: false }),
      ]);
    });

    it("shows no member another member's sessions", async () => {
      const [ada, bob] = [await member(server), await member(server)];
      for (const { token } of [ada, bob]) expect(idsOf(await list(token))).toEqual([sessionOf(token)]);
    });

    it('says that the owner of a mailed link logged in by password, once one is set', async () => {
      const { email } = await invitee(server, { token: await login(server, root.email, root.password) });
      const json = { token: await linkTo(server, email, 'invitation'), new_password: 'newSecret456' };
      expect((await server.request('POST /auth/reset-password', { json })).body).toBe('');
      const { access_token: token } = await logIn({ email, password: 'newSecret456' });
      expect((await list(token)).body).toMatchObject([{ methods: ['pwd'], current: true }]);
    });

    it('says when the password was proven that opened the session of a changed one', async () => {
      const person = await member(server);
      clock.advance(minute);
      const json = { current_password: person.password, new_password: 'newSecret456' };
      const { body } = await server.request('PATCH /users/me/password', { token: person.token, json });
      const now = clock.now().toISOString();
      expect((await list(body.access_token)).body).toMatchObject([
        { created_at: now, authenticated_at: now, methods: ['pwd'], current: true },
      ]);
    });

    it('pages by key, as its link says, and misses nothing, whatever is opened or ended meanwhile', async () => {
      const person = await member(server);
      // Sessions of one moment, and of others.
      for (let count = 0; count < 6; count += 1) {
        await logIn(person);
        clock.advance(count % 2);
      }
      const whole = idsOf(await list(person.token, '?limit=100'));
      expect(new Set(whole).size).toBe(7);
      const pages: string[][] = [];
      for (let next: string | undefined = '/users/me/sessions?limit=3'; next !== undefined;) {
        const answer: Answer = await server.request(`GET ${next}`, { token: person.token });
        pages.push(idsOf(answer));
        next = nextOf(answer);
        if (pages.length > 1) continue;
        expect(next).toBe(`/users/me/sessions?limit=3&after=${whole[2]}`);
        await logIn(person);
        // The last one that was seen is gone; the next page begins behind it all the same.
        await server.request(`DELETE /users/me/sessions/${whole[2]}`, { token: person.token });
      }
      expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
      expect(pages.flat()).toEqual(whole);
    });

    it('holds ten where no limit is asked for', async () => {
      const person = await member(server);
      for (let count = 0; count < 10; count += 1) await logIn(person);
      const first = await list(person.token);
      expect([idsOf(first).length, first.headers.has('Link')]).toEqual([10, true]);
    });

    it.each([
      ['limit=0', '/limit', 'Must be at least 1'],
      ['limit=101', '/limit', 'Must be at most 100'],
      ['after=1', '/after', 'Is not valid'],
      ['after=', '/after', 'Is not valid'],
    ])('answers 422 to ?%s', async (query, pointer, detail) => {
      const { token } = await member(server);
      expect(invalidOf(await list(token, `?${query}`))).toEqual({ [pointer]: detail });
    });
  });

  describe('GET /admin/users/{id}/sessions', () => {
    it('answers the sessions of any account as their owner sees them, of which none is the current one', async () => {
      const person = await member(server);
      clock.advance(1);
      const phone = await logIn(person, 'A telephone');
      const own = (await list(phone.access_token)).body;
      const { status, headers, body } = await listOf(person);
      expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
      expect(body).toEqual(own.map((session: object) => ({ ...session, current: false })));
      expect(body).toHaveLength(2);
    });

    it("marks the current one among the admin's own", async () => {
      const token = await login(server, root.email, root.password);
      const { body } = await server.request(`GET /admin/users/${root.id}/sessions?limit=100`, { token });
      const current = body.filter((session: any) => session.current).map(({ id }: any) => id);
      expect(current).toEqual([sessionOf(token)]);
    });

    it('pages by key, as its link says', async () => {
      const person = await member(server);
      for (let count = 0; count < 2; count += 1) await logIn(person);
      const whole = idsOf(await listOf(person));
      const first = await listOf(person, '?limit=2');
      expect(nextOf(first)).toBe(`/admin/users/${person.id}/sessions?limit=2&after=${whole[1]}`);
      const second = await listOf(person, `?limit=2&after=${whole[1]}`);
      expect([...idsOf(first), ...idsOf(second)]).toEqual(whole);
      expect(second.headers.has('Link')).toBe(false);
    });

    it('answers an empty list for an account that is not logged in, whether deactivated or invited', async () => {
      const idle = await member(server);
      await server.request('PATCH /users/me/deactivate', { token: idle.token });
      const invited = await invitee(server, { token: await login(server, root.email, root.password) });
      for (const account of [idle, invited]) expect((await listOf(account)).body).toEqual([]);
    });

    it('answers 404 where there is no account, and 403 to a member', async () => {
      const gone = await member(server);
      await server.request('DELETE /users/me', { token: gone.token });
      for (const id of [gone.id, 999_999_999]) expect(problemOf(await listOf({ id }))).toEqual([404, 'User not found']);
      const ada = await member(server);
      const own = `GET /admin/users/${ada.id}/sessions`;
      expect(problemOf(await server.request(own, { token: ada.token }))).toEqual([403, 'Admin access required']);
      expect(challengeOf(await server.request(own))).toBe('Not authenticated');
    });
  });
});
