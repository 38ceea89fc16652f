import { describe, expect, it } from 'vitest';
import { admin, startServer, stores } from './start-server.ts';

const [name, city, title] = ['Zoë Ångström', 'Åre', 'Über Bäume'];
const content = 'Zwanzig Zeichen, é und ô.';
const decomposed = (text: string) => text.normalize('NFD');

describe.each(stores)('text that looks the same and is composed or decomposed, on %s,', (store) => {
  it('is stored in one form, found in any, and no change of one for the other', async () => {
    const server = await startServer(store);
    const { token } = await admin(server);
    const account = {
      email: 'zoe@example.com',
      name: decomposed(name),
      external_id: decomposed('№é'),
      city: decomposed(city),
    };
    const created = await server.request('POST /admin/users', { token, json: account });
    expect(created).toMatchObject({ status: 201, body: { name, city } });

    const search = async (query: Record<string, string>) => {
      const found = await server.request(`GET /admin/users?${new URLSearchParams(query)}`, { token });
      return found.body.map(({ id }: any) => id);
    };
    for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) {
      expect(await search({ search: name.normalize(form) })).toEqual([created.body.id]);
    }
    expect(await search({ search: 'ｚｏｅ ang' })).toEqual([created.body.id]);
    expect(await search({ external_id: '№é' })).toEqual([created.body.id]);
    expect(await search({ external_id: decomposed('№é') })).toEqual([created.body.id]);

    const audited = async () =>
      (await server.request(`GET /admin/audit?subject_id=${created.body.id}`, { token })).body.length;
    const before = await audited();
    const same = { name: decomposed(name), city: decomposed(city) };
    expect((await server.request(`PATCH /admin/users/${created.body.id}`, { token, json: same })).body).toMatchObject({
      name,
      city,
    });
    expect(await audited()).toBe(before);

    const written = { title: decomposed(title), content: decomposed(content) };
    const post = await server.request('POST /posts', { token, json: written });
    expect(post).toMatchObject({ status: 201, body: { title, content } });
    expect((await server.request(`PATCH /posts/${post.body.id}`, { token, json: written })).body).toMatchObject({
      title,
      content,
    });
    await server.close();
  });

  it('answers at once to combining marks without end', async () => {
    const server = await startServer(store);
    const { token } = await admin(server);
    const marks = `a${'\u0315'.repeat(20_000)}\u0323`;
    const registering = { name: marks, email: 'a@example.com', password: 'secret123', age: 36, city: marks };
    const refused = await Promise.all([
      server.request('POST /auth/register', { json: registering }),
      server.request('POST /posts', { token, json: { title: marks, content: marks } }),
      server.request('PATCH /users/me', { token, json: { name: marks.slice(0, 300), city: marks } }),
    ]);
    expect(refused.map(({ status, body }) => [status, body.errors.length])).toEqual([
      [422, 2],
      [422, 2],
      [422, 2],
    ]);
    await server.close();
  });
});
