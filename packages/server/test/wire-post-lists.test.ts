import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextOf } from './next-page.ts';
import { challengeOf, invalidOf } from './problem.ts';
import { admin, member, type Person, startServer, stores, type TestServer } from './start-server.ts';

const text = { title: 'A first post', content: 'Twenty characters or more of it.' };
const idsOf = (body: readonly { id: number }[]) => body.map(({ id }) => id);
const anonymous = {};

describe.each(stores)('the lists of posts of %s', (store) => {
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store);
    root = await admin(server);
  });
  afterAll(() => server.close());

  const as = ({ token }: Partial<Person>, methodAndPath: string, json?: unknown) =>
    server.request(methodAndPath, { token, json });
  const write = async (author: Person) => (await as(author, 'POST /posts', text)).body;
  const publish = async (author: Person) => {
    const { id } = await write(author);
    return (await as(author, `PATCH /posts/${id}`, { published: true })).body;
  };

  describe('GET /posts', () => {
    it('answers 200 with what the caller may read, newest first', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      const [first, draft, last] = [await publish(ada), await write(ada), await publish(bob)];
      const list = async (caller: Partial<Person>, query = '') => {
        const { status, headers, body } = await as(caller, `GET /posts?limit=100${query}`);
        expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
        return body;
      };
      for (const caller of [ada, root]) {
        expect((await list(caller)).slice(0, 3)).toEqual([last, draft, first]);
        expect((await list(caller, '&published=true')).slice(0, 2)).toEqual([last, first]);
        expect((await list(caller, '&published=false'))[0]).toEqual(draft);
      }
      for (const caller of [anonymous, bob]) {
        expect((await list(caller)).slice(0, 2)).toEqual([last, first]);
        expect(await list(caller, '&published=false')).toEqual([]);
      }
      expect(
        (await list(root)).every(
          ({ published }: any, at: number, all: any) =>
            typeof published === 'boolean' && (at === 0 || all[at - 1].id > all[at].id),
        ),
      ).toBe(true);
    });

    it('links to what follows, whose pages hold each post once', async () => {
      const ada = await member(server);
      for (let count = 0; count < 12; count += 1) await publish(ada);
      const whole = idsOf((await as(anonymous, 'GET /posts?limit=100')).body);
      const firstPage = await as(anonymous, 'GET /posts');
      expect(idsOf(firstPage.body)).toEqual(whole.slice(0, 10));
      expect(nextOf(firstPage)).toBe(`/posts?after=${whole[9]}`);

      const seen: number[] = [];
      let path: string | undefined = '/posts?published=true&limit=5&skip=1';
      while (path !== undefined) {
        const page: Awaited<ReturnType<typeof as>> = await as(anonymous, `GET ${path}`);
        seen.push(...idsOf(page.body));
        path = nextOf(page);
        expect([undefined, expect.stringMatching(/^\/posts\?published=true&limit=5&after=\d+$/)]).toContainEqual(path);
      }
      expect(seen).toEqual(whole.slice(1));
    });

    it('goes on where it was, whatever was written or deleted meanwhile', async () => {
      const ada = await member(server);
      const posts = [await publish(ada), await publish(ada), await publish(ada)];
      const [third, second, first] = idsOf(posts);
      const { headers } = await as(anonymous, 'GET /posts?limit=2');
      expect(headers.get('Link')).toContain(`after=${second}`);
      await as(ada, `DELETE /posts/${second}`);
      await publish(ada);
      expect(idsOf((await as(anonymous, `GET /posts?limit=2&after=${second}`)).body)[0]).toBe(third);
      expect(first).toBeGreaterThan(second!);
    });

    it.each([
      ['published=yes', '/published', 'Must be true or false'],
      ['published=1', '/published', 'Must be true or false'],
      ['published=true&published=false', '/published', 'Must be given once'],
      ['limit=101', '/limit', 'Must be at most 100'],
      ['limit=0', '/limit', 'Must be at least 1'],
      ['skip=10001', '/skip', 'Must be at most 10000'],
      ['after=x', '/after', 'Must be a number'],
    ])('answers 422 to ?%s', async (query, pointer, detail) => {
      expect(invalidOf(await as(anonymous, `GET /posts?${query}`))).toEqual({ [pointer]: detail });
    });
  });

  describe('GET /posts/my', () => {
    it("answers 200 with the caller's own, drafts too, newest first, an admin's alike", async () => {
      const [ada, bob] = [await member(server), await member(server)];
      expect((await as(ada, 'GET /posts/my')).body).toEqual([]);
      const [first, second] = [await publish(ada), await write(ada)];
      await publish(bob);
      const { status, body } = await as(ada, 'GET /posts/my');
      expect([status, body]).toEqual([200, [second, first]]);
      expect(idsOf((await as(root, 'GET /posts/my?limit=100')).body)).not.toContain(first.id);
      const page = await as(ada, 'GET /posts/my?limit=1');
      expect(nextOf(page)).toBe(`/posts/my?limit=1&after=${second.id}`);
      expect((await as(ada, `GET /posts/my?limit=1&after=${second.id}`)).body).toEqual([first]);
      expect(challengeOf(await as(anonymous, 'GET /posts/my'))).toBe('Not authenticated');
    });
  });
});
