import { ManualClock } from '@sallyport/adapters-memory/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { challengeOf } from './problem.ts';
import { login, member, startServer, stores, type TestServer } from './start-server.ts';

const minute = 60;

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')).kid;
const shownBy = async (server: TestServer): Promise<string[]> =>
  (await server.request('GET /.well-known/jwks.json')).body.keys.map(({ kid }: { kid: string }) => kid);

describe.each(stores)('a token of the key before, on %s,', (store) => {
  const clock = new ManualClock();
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(store, { clock });
  });
  afterAll(() => server.close());

  it('is believed as long as it may live, and no longer than its key is shown', async () => {
    const { email, password } = await member(server);
    await server.application.rotateKeys.execute(server.system);
    clock.advance(14 * minute);
    const before = await login(server, email, password);
    const [first, second] = await shownBy(server);
    expect(kidOf(before)).toBe(first);

    clock.advance(minute);
    expect(kidOf(await login(server, email, password))).toBe(second);
    clock.advance(29 * minute - 1);
    expect((await server.request('GET /users/me', { token: before })).status).toBe(200);
    expect(await shownBy(server)).toEqual([first, second]);

    clock.advance(minute + 1);
    expect(await shownBy(server)).toEqual([second]);
    expect(challengeOf(await server.request('GET /users/me', { token: before }))).toBe('Invalid or expired token');
  });
});

describe('the keys of two nodes on one Postgres', () => {
  it('are made once and turned once, however many ask for it at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const clock = new ManualClock();
      const environment = { DATABASE_URL: (await createDatabase()).url };
      const starting = [0, 1].map(() => startServer('Postgres', { environment, clock }));
      const nodes = (await Promise.all(starting)) as [TestServer, TestServer];
      const twenty = Array.from({ length: 20 }, (_, n) => nodes[n % 2]!);

      const sets = await Promise.all(twenty.map(shownBy));
      const [only] = new Set(sets.map((kids) => kids.join()));
      expect(sets.map((kids) => kids.join())).toEqual(twenty.map(() => only));
      expect(only).toMatch(/^[\w-]{43}$/);

      await Promise.all(twenty.map(({ application, system }) => application.rotateKeys.execute(system)));
      // By then every node has looked.
      clock.advance(minute);
      const [here, there] = [await shownBy(nodes[0]), await shownBy(nodes[1])];
      expect([here, there]).toEqual([here, here]);
      expect(here).toEqual([only, expect.stringMatching(/^[\w-]{43}$/)]);
      for (const node of nodes) await node.close();
    }
  });
});
