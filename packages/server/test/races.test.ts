import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  admin,
  type Answer,
  login,
  member,
  type Person,
  startServer,
  stores,
  type TestServer,
} from './start-server.ts';

const racers = 20;

/** Each racer's answer; all of them start at once. */
const race = (contend: (racer: number) => Promise<Answer>) =>
  Promise.all(Array.from({ length: racers }, (_, racer) => contend(racer)));

const count = (answers: readonly Answer[], wanted: number) => answers.filter(({ status }) => status === wanted).length;

describe.each(stores)('races on %s', (store) => {
  // What is a race at all only where transactions overlap is run more often there.
  const rounds = Array.from({ length: store === 'Postgres' ? 10 : 2 }, (_, round) => round);
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store);
    root = await admin(server);
  });
  afterAll(() => server.close());

  /** A new admin, logged in. */
  async function newAdmin(name: string): Promise<Person> {
    const person = await member(server, name);
    const role = await server.request(`PATCH /admin/users/${person.id}/role`, {
      token: root.token,
      json: { role: 'admin' },
    });
    expect(role.body.role).toBe('admin');
    return person;
  }

  it.each(rounds)('let one of twenty register an address, round %i', async (round) => {
    const address = `racer${round}@example.com`;
    const spellings = [address, address.toUpperCase(), ` ${address} `, address.replace('racer', 'Racer')];
    const answers = await race((racer) =>
      server.request('POST /auth/register', {
        json: { name: `Racer ${racer}`, email: spellings[racer % spellings.length], password: 'secret123', age: 36 },
      }),
    );
    expect([count(answers, 201), count(answers, 400)]).toEqual([1, racers - 1]);
    const losers = answers.filter(({ status }) => status === 400);
    expect(new Set(losers.map(({ body }) => body.detail))).toEqual(new Set(['Email already registered']));
    const found = await server.request(`GET /admin/users?search=${address}`, { token: root.token });
    expect(found.body.map(({ email }: { email: string }) => email)).toEqual([address]);
  });

  it.each(rounds)('keep changes of different fields, round %i', async (round) => {
    const { token } = await member(server, `Patched${round}`);
    const changes = [{ name: `Name ${round}` }, { age: 40 + round }, { city: `City ${round}` }];
    // No more racers than changes: who came again could put right what another one spoilt.
    const answers = await Promise.all(changes.map((json) => server.request('PATCH /users/me', { token, json })));
    expect(count(answers, 200)).toBe(changes.length);
    const { body } = await server.request('GET /users/me', { token });
    expect(body).toMatchObject(Object.assign({}, ...changes));
  });

  it.each(rounds)('leave nothing of a member who is deleted while they act, round %i', async (round) => {
    const { id, email, password, token, refreshToken } = await member(server, `Gone${round}`);
    const json = { title: `Post of ${round}`, content: 'Twenty characters or more of it.' };
    const acts = [
      () => server.request('POST /posts', { token, json }),
      () => server.request('POST /auth/login', { json: { email, password } }),
      () => server.request('POST /auth/refresh', { json: { refresh_token: refreshToken } }),
      () => server.request('PATCH /users/me', { token, json: { city: 'Nowhere' } }),
    ];
    const remove = () => server.request(`DELETE /admin/users/${id}`, { token: root.token });
    const answers = await race((racer) => (racer === 7 ? remove() : acts[racer % acts.length]!()));
    expect(answers[7]?.status).toBe(204);
    expect(answers.filter(({ status }) => ![200, 201, 204, 401].includes(status))).toEqual([]);

    const tokens = answers.flatMap(({ body }) => body?.access_token ?? []).concat(token);
    for (const each of tokens) {
      const { status, body } = await server.request('GET /users/me', { token: each });
      expect([status, body.detail]).toEqual([401, 'User no longer exists']);
    }
    await expect(login(server, email, password)).rejects.toThrow('401');
    for (const each of answers.flatMap(({ body }) => body?.refresh_token ?? []).concat(refreshToken)) {
      const { status } = await server.request('POST /auth/refresh', { json: { refresh_token: each } });
      expect(status).toBe(401);
    }
    const posts = await server.request('GET /posts?limit=100', { token: root.token });
    expect(posts.body.filter(({ author_id }: { author_id: number }) => author_id === id)).toEqual([]);
    for (const { body } of answers.filter(({ status }) => status === 201)) {
      expect((await server.request(`GET /posts/${body.id}`, { token: root.token })).status).toBe(404);
    }
  });

  const removals: Record<string, (id: number, token: string) => Promise<Answer>> = {
    demote: (id: number, token: string) =>
      server.request(`PATCH /admin/users/${id}/role`, { token, json: { role: 'user' } }),
    deactivate: (id: number, token: string) => server.request(`PATCH /admin/users/${id}/deactivate`, { token }),
    delete: (id: number, token: string) => server.request(`DELETE /admin/users/${id}`, { token }),
  };
  const ways = [...Object.keys(removals), 'remove'];
  const duels = rounds.flatMap((round) => ways.map((way) => [way, round] as const));
  it.each(duels)('leave one of two admins who %s each other, round %i', async (way, round) => {
    expect(await survivors(way, [`Rival${way}${round}`])).toHaveLength(1);
  });

  it.each(ways)('leave one of twenty admins who %s each other until they cannot', async (way) => {
    const names = Array.from({ length: racers - 1 }, (_, rival) => `Rival${way}of${rival}`);
    expect(await survivors(way, names)).toHaveLength(1);
  });

  /** In a ring of root and new admins each removes the next, until one is left, who is the new root. */
  async function survivors(way: string, names: readonly string[]): Promise<readonly Person[]> {
    let rivals = [root, ...(await Promise.all(names.map(newAdmin)))];
    const attack = (by: Person, target: Person, index: number) => {
      const remove = removals[way] ?? Object.values(removals)[index % 3]!;
      return remove(target.id, by.token);
    };
    while (rivals.length > 1) {
      const answers = await Promise.all(
        rivals.map((rival, index) => attack(rival, rivals[(index + 1) % rivals.length]!, index)),
      );
      // Who was removed in time is refused; the last one is kept by 409.
      expect(answers.filter(({ status }) => ![200, 204, 401, 403, 404, 409].includes(status))).toEqual([]);
      const left = await activeAdmins(rivals);
      expect(left.length).toBeGreaterThan(0);
      expect(left.length).toBeLessThan(rivals.length);
      rivals = left;
    }
    root = rivals[0]!;
    expect((await attack(root, root, 0)).status).toBe(409);
    return rivals;
  }

  /** The admins that the server still accepts, as many as it lists. */
  async function activeAdmins(rivals: readonly Person[]): Promise<Person[]> {
    const path = 'GET /admin/users?role=admin&is_active=true&limit=100';
    const answers = await Promise.all(rivals.map(({ token }) => server.request(path, { token })));
    const left = rivals.filter((_, index) => answers[index]?.status === 200);
    const listed = answers.find(({ status }) => status === 200)?.body;
    expect(listed?.map(({ id }: Person) => id)).toEqual(left.map(({ id }) => id).toSorted((a, b) => a - b));
    return left;
  }
});
