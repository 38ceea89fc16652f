import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf, invalidOf, problemOf } from './problem.ts';
import { admin, member, type Person, startServer, stores, type TestServer } from './start-server.ts';

const text = { title: 'A first post', content: 'Twenty characters or more of it.' };
const anonymous = {};

describe.each(stores)('the posts of %s', (store) => {
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

  describe('POST /posts', () => {
    it('answers 201 with a draft by the caller', async () => {
      const ada = await member(server);
      const { status, headers, body } = await as(ada, 'POST /posts', {
        title: ' A first post ',
        content: text.content,
      });
      expect([status, headers.get('Cache-Control')]).toEqual([201, 'no-store']);
      expect(body).toEqual({
        ...text,
        id: expect.any(Number),
        published: false,
        author_id: ada.id,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      });
    });

    it('takes no other author from the body', async () => {
      const ada = await member(server);
      const others = { id: 99_999, author_id: root.id, authorId: root.id, published: true, created_at: '2000-01-01' };
      const { status, body } = await as(ada, 'POST /posts', { ...text, ...others });
      expect([status, body]).toMatchObject([201, { author_id: ada.id, published: false }]);
      expect(body.id).not.toBe(others.id);
    });

    it.each([
      [{}, { '/title': 'Field required', '/content': 'Field required' }],
      [
        { title: 'Four', content: 'x'.repeat(19) },
        { '/title': 'Must be at least 5 characters', '/content': 'Must be at least 20 characters' },
      ],
      [
        { title: 'x'.repeat(101), content: 'x'.repeat(50_001) },
        { '/title': 'Must be at most 100 characters', '/content': 'Must be at most 50000 characters' },
      ],
      [
        { title: ` ${'x'.repeat(4)} `, content: ` ${'x'.repeat(19)} ` },
        { '/title': 'Must be at least 5 characters', '/content': 'Must be at least 20 characters' },
      ],
    ])('answers 422 to what is too little or too much', async (json, errors) => {
      expect(invalidOf(await as(root, 'POST /posts', json))).toEqual(errors);
    });

    it.each([
      ['shortest', { title: 'Fives', content: 'x'.repeat(20) }],
      ['longest', { title: '😀'.repeat(100), content: '😀'.repeat(50_000) }],
    ])('takes the %s post, by code points', async (_, json) => {
      const { status, body } = await as(root, 'POST /posts', json);
      expect([status, body.title, body.content === json.content]).toEqual([201, json.title, true]);
    });
  });

  describe('GET /posts/{id}', () => {
    it('answers 200 with the post and the public fields of its author', async () => {
      const ada = await member(server);
      const post = await publish(ada);
      const { name, city } = (await as(ada, 'GET /users/me')).body;
      for (const caller of [anonymous, ada, root, await member(server)]) {
        const { status, body } = await as(caller, `GET /posts/${post.id}`);
        expect([status, body]).toEqual([200, { ...post, author: { id: ada.id, name, city } }]);
      }
      expect((await as(anonymous, `GET /posts/${post.id}`)).headers.get('Cache-Control')).toBe('no-store');
    });

    it('answers 404 where there is none, and 422 to what is no id', async () => {
      expect(problemOf(await as(anonymous, 'GET /posts/999999999999999'))).toEqual([404, 'Post not found']);
      expect(invalidOf(await as(anonymous, 'GET /posts/x'))).toEqual({ '/id': 'Must be a number' });
      expect(invalidOf(await as(anonymous, 'GET /posts/0'))).toEqual({ '/id': 'Must be at least 1' });
    });
  });

  describe('a draft', () => {
    it('is there for its author and admins alone, in every method', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      const { id } = await write(ada);
      for (const caller of [ada, root]) {
        expect((await as(caller, `GET /posts/${id}`)).body).toMatchObject({ id, published: false });
      }
      for (const caller of [anonymous, bob]) {
        expect(problemOf(await as(caller, `GET /posts/${id}`))).toEqual([404, 'Post not found']);
      }
      for (const method of ['PATCH', 'DELETE']) {
        expect(problemOf(await as(bob, `${method} /posts/${id}`, {}))).toEqual([404, 'Post not found']);
        expect(challengeOf(await as(anonymous, `${method} /posts/${id}`, {}))).toBe('Not authenticated');
      }
      expect((await as(ada, `GET /posts/${id}`)).status).toBe(200);
    });

    it('is one again when it is withdrawn', async () => {
      const ada = await member(server);
      const { id } = await publish(ada);
      expect((await as(ada, `PATCH /posts/${id}`, { published: false })).body.published).toBe(false);
      expect(problemOf(await as(anonymous, `GET /posts/${id}`))).toEqual([404, 'Post not found']);
    });
  });

  describe('PATCH /posts/{id}', () => {
    it('answers 200 with the post as it is then, to its author and to admins', async () => {
      const ada = await member(server);
      const post = await write(ada);
      const title = await as(ada, `PATCH /posts/${post.id}`, { title: 'Another title' });
      expect([title.status, title.body]).toEqual([200, { ...post, title: 'Another title' }]);
      const published = await as(root, `PATCH /posts/${post.id}`, { published: true, content: 'y'.repeat(20) });
      const wanted = { ...title.body, published: true, content: 'y'.repeat(20) };
      expect([published.status, published.body]).toEqual([200, wanted]);
      expect((await as(anonymous, `GET /posts/${post.id}`)).body).toMatchObject(wanted);
    });

    it('changes nothing for null, nor for fields it does not know', async () => {
      const ada = await member(server);
      const post = await publish(ada);
      for (const json of [
        {},
        undefined,
        { title: null, content: null, published: null },
        { author_id: root.id, authorId: root.id, created_at: '2000-01-01', id: 1 },
      ]) {
        const { status, body } = await as(ada, `PATCH /posts/${post.id}`, json);
        expect([status, body]).toEqual([200, post]);
      }
    });

    it('answers 403 to any other member, and 422 to input that breaks a rule', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      const { id } = await publish(ada);
      const denied = await as(bob, `PATCH /posts/${id}`, { title: 'My own title' });
      expect(problemOf(denied)).toEqual([403, 'Not authorized to update this post']);
      expect(invalidOf(await as(ada, `PATCH /posts/${id}`, { title: 'Four', published: 'yes' }))).toEqual({
        '/title': 'Must be at least 5 characters',
        '/published': 'Must be true or false',
      });
      expect((await as(anonymous, `GET /posts/${id}`)).body.title).toBe(text.title);
    });
  });

  describe('DELETE /posts/{id}', () => {
    it('answers 204 once, to its author and to admins', async () => {
      const ada = await member(server);
      for (const caller of [ada, root]) {
        const { id } = await publish(ada);
        const { status, body } = await as(caller, `DELETE /posts/${id}`);
        expect([status, body]).toEqual([204, '']);
        expect(problemOf(await as(caller, `DELETE /posts/${id}`))).toEqual([404, 'Post not found']);
        expect(problemOf(await as(caller, `PATCH /posts/${id}`, {}))).toEqual([404, 'Post not found']);
        expect(problemOf(await as(anonymous, `GET /posts/${id}`))).toEqual([404, 'Post not found']);
      }
    });

    it('answers 403 to any other member', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      const { id } = await publish(ada);
      expect(problemOf(await as(bob, `DELETE /posts/${id}`))).toEqual([403, 'Not authorized to delete this post']);
      expect((await as(anonymous, `GET /posts/${id}`)).status).toBe(200);
    });
  });
});
