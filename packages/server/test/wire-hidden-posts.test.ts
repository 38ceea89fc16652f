import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextOf } from './next-page.ts';
import { problemOf } from './problem.ts';
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

const text = { title: 'A first post', content: 'Twenty characters or more of it.' };
const notFound = [404, 'Post not found'];
const anonymous = {};

describe.each(stores)('the posts of a deactivated member on %s', (store) => {
  let server: TestServer;
  let root: Person;
  let reader: Person;
  beforeAll(async () => {
    server = await startServer(store);
    root = await admin(server);
    reader = await member(server);
  });
  afterAll(() => server.close());

  const as = ({ token }: Partial<Person>, methodAndPath: string, json?: unknown) =>
    server.request(methodAndPath, { token, json });

  /** A member with a published post and a draft, deactivated by an admin. */
  async function deactivated() {
    const author = await member(server);
    const [post, draft] = [(await as(author, 'POST /posts', text)).body, (await as(author, 'POST /posts', text)).body];
    await as(author, `PATCH /posts/${post.id}`, { published: true });
    expect((await as(anonymous, `GET /posts/${post.id}`)).status).toBe(200);
    await as(root, `PATCH /admin/users/${author.id}/deactivate`);
    return { author, post, draft };
  }

  const listedTo = async (caller: Partial<Person>, query = ''): Promise<number[]> =>
    (await as(caller, `GET /posts?limit=100${query}`)).body.map(({ id }: any) => id);

  it('are shown to admins alone, in lists and by id', async () => {
    const { post, draft } = await deactivated();
    for (const caller of [anonymous, reader]) {
      for (const { id } of [post, draft]) {
        expect(problemOf(await as(caller, `GET /posts/${id}`))).toEqual(notFound);
        for (const query of ['', '&published=true']) expect(await listedTo(caller, query)).not.toContain(id);
      }
    }
    expect((await as(root, `GET /posts/${post.id}`)).body).toMatchObject({ id: post.id, published: true });
    expect((await listedTo(root)).slice(0, 2)).toEqual([draft.id, post.id]);
    expect(await listedTo(root, '&published=true')).toContain(post.id);
  });

  it('do not exist for other members in any method, and are left as they are', async () => {
    const { post } = await deactivated();
    const answers: Answer[] = [];
    for (const method of ['PATCH', 'DELETE']) {
      answers.push(await as(reader, `${method} /posts/${post.id}`, { title: 'Taken over' }));
    }
    for (const answer of answers) expect(problemOf(answer)).toEqual(notFound);
    expect((await as(root, `GET /posts/${post.id}`)).body.title).toBe(text.title);
  });

  it('are not shown to the author either, whose token makes an anonymous reader', async () => {
    const { author, post } = await deactivated();
    expect(problemOf(await as(author, `GET /posts/${post.id}`))).toEqual(notFound);
    expect(await listedTo(author)).not.toContain(post.id);
    expect(problemOf(await as(author, `PATCH /posts/${post.id}`, text))).toEqual([403, 'Account is deactivated']);
  });

  it('are changed and deleted by admins', async () => {
    const { post, draft } = await deactivated();
    expect((await as(root, `PATCH /posts/${post.id}`, { title: 'In order now' })).body.title).toBe('In order now');
    expect((await as(root, `DELETE /posts/${draft.id}`)).status).toBe(204);
    expect(problemOf(await as(root, `GET /posts/${draft.id}`))).toEqual(notFound);
  });

  it('are back once the member is active again', async () => {
    const { author, post, draft } = await deactivated();
    await as(root, `PATCH /admin/users/${author.id}/activate`);
    for (const caller of [anonymous, reader]) {
      expect((await as(caller, `GET /posts/${post.id}`)).status).toBe(200);
      expect(await listedTo(caller)).toContain(post.id);
    }
    const token = await login(server, author.email, author.password);
    expect(await listedTo({ token })).toEqual(expect.arrayContaining([post.id, draft.id]));
    expect(problemOf(await as(reader, `PATCH /posts/${post.id}`, text))).toEqual([
      403,
      'Not authorized to update this post',
    ]);
  });

  it('leave no gap in the pages of others', async () => {
    const { author } = await deactivated();
    const ids: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      const { id } = (await as(reader, 'POST /posts', text)).body;
      await as(reader, `PATCH /posts/${id}`, { published: true });
      ids.unshift(id);
      await deactivated();
    }
    const pages: number[][] = [];
    for (let next: string | undefined = '/posts?limit=2'; next !== undefined && pages.length < 2;) {
      const answer: Answer = await server.request(`GET ${next}`);
      pages.push(answer.body.map(({ id }: any) => id));
      next = nextOf(answer);
    }
    expect(pages).toEqual([ids.slice(0, 2), ids.slice(2)]);
    expect(author.id).toBeGreaterThan(0);
  });
});
