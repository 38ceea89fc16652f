import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { layWire, type Wire } from '../../../test/wire.ts';
import { admin, type Answer, member, type Person, startServer, type TestServer } from './start-server.ts';

let wire: Wire;
let server: TestServer;
let someAdmin: Person | undefined;
beforeAll(async () => {
  wire = await layWire((await createDatabase()).url);
  server = await startServer('Postgres', { environment: { DATABASE_URL: wire.url, RATE_LIMITS: 'on' } });
});
afterAll(async () => {
  await server.close();
  await wire.stop();
});

/** The fewest round trips of a request, once its statements are prepared and connections are open. */
async function tripsOf(send: () => Promise<Answer>): Promise<number> {
  const trips: number[] = [];
  for (let time = 0; time < 4; time += 1) {
    const before = wire.trips;
    expect((await send()).status).toBeLessThan(300);
    trips.push(wire.trips - before);
  }
  return Math.min(...trips);
}

describe('On Postgres', () => {
  it('the current user takes one look-up', async () => {
    const { token } = await member(server, 'Ada');
    expect(await tripsOf(() => server.request('GET /users/me', { token }))).toBe(1);
  });

  it('members who are authenticated at once share look-ups', async () => {
    const members: Person[] = [];
    for (let n = 0; n < 8; n += 1) members.push(await member(server));
    const authenticateAll = () =>
      Promise.all(members.map(({ token }) => server.application.authenticate.execute({}, { accessToken: token })));
    await authenticateAll();
    const before = wire.trips;
    expect((await authenticateAll()).map(({ user }) => user.id)).toEqual(members.map(({ id }) => id));
    expect(wire.trips - before).toBeLessThanOrEqual(2);
  });

  it('a login takes five round trips, its limits among them', async () => {
    const { email, password } = await member(server, 'Bob');
    const logIn = () => server.request('POST /auth/login', { json: { email, password } });
    expect(await tripsOf(logIn)).toBeLessThanOrEqual(5);
  });

  it('a refresh takes four round trips, its limit among them', async () => {
    const { email, password } = await member(server, 'Dora');
    let { body } = await server.request('POST /auth/login', { json: { email, password } });
    const refresh = async () => {
      const { refresh_token } = body as { refresh_token: string };
      const answer = await server.request('POST /auth/refresh', { json: { refresh_token } });
      body = answer.body;
      return answer;
    };
    expect(await tripsOf(refresh)).toBeLessThanOrEqual(4);
  });

  it('a post takes five round trips, its limit and its lock among them', async () => {
    const { token } = await member(server, 'Cleo');
    const json = { title: 'On engines', content: 'Weaves algebraical patterns.' };
    expect(await tripsOf(() => server.request('POST /posts', { token, json }))).toBeLessThanOrEqual(5);
  });

  it.each(['/users', '/users?skip=5', '/posts', '/posts/my', '/users/me/sessions', '/admin/users', '/admin/audit'])(
    'the list %s takes two round trips at most',
    async (path) => {
      someAdmin ??= await admin(server);
      const { token } = someAdmin;
      expect(await tripsOf(() => server.request(`GET ${path}`, { token }))).toBeLessThanOrEqual(2);
    },
  );
});
