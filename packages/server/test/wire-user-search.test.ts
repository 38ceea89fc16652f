import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextOf } from './next-page.ts';
import { invalidOf } from './problem.ts';
import { admin, invitee, linkTo, member, type Person, startServer, stores, type TestServer } from './start-server.ts';

const idsOf = (body: readonly { id: number }[]) => body.map(({ id }) => id);

describe.each(stores)('the search for users of %s', (store) => {
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store);
    root = await admin(server);
  });
  afterAll(() => server.close());

  const as = ({ token }: Person, methodAndPath: string, json?: unknown) =>
    server.request(methodAndPath, { token, json });
  const me = (person: Person) => as(person, 'GET /users/me');

  describe('GET /admin/users', () => {
    const search = async (query: string) => idsOf((await as(root, `GET /admin/users?${query}`)).body);

    it('answers 200 with all of them, those out of use too, by id', async () => {
      const [ada, idle] = [await member(server), await member(server)];
      await as(idle, 'PATCH /users/me/deactivate');
      const { status, headers, body } = await as(root, 'GET /admin/users?limit=100');
      const ids = idsOf(body);
      expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
      expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
      expect(ids).toEqual(expect.arrayContaining([root.id, ada.id, idle.id]));
      expect(body).toContainEqual((await me(ada)).body);
    });

    /** Registers an account under this name, and returns its id. */
    const register = async (name: string, email: string): Promise<number> => {
      const json = { name, email, password: 'secret123', age: 36 };
      return (await server.request('POST /auth/register', { json })).body.id;
    };
    const find = (text: string) => search(new URLSearchParams({ search: text, limit: '100' }).toString());

    it('finds accounts by the beginning of the e-mail or of any words of the name', async () => {
      const emil = await register('Émile du Châtelet', 'marquise@example.com');
      const maria = await register('Maria Gaetana Agnesi', 'emile.friend@example.com');
      expect(await find('marquise@EXAMPLE')).toEqual([emil]);
      expect(await find('friend@example')).toEqual([]);
      expect(await find('emile')).toEqual([emil, maria]);
      expect(await find('mar')).toEqual([emil, maria]);
      expect(await find('agnesi')).toEqual([maria]);
      expect(await find('gnesi')).toEqual([]);
      expect(await find('  agn  MAR ')).toEqual([maria]);
      expect(await find('du, chat')).toEqual([emil]);
      expect(await find('du agnesi')).toEqual([]);
    });

    it.each([
      ['Zoë Ångström', ['zoe', 'ZOË', 'Zoe\u0308', 'angstrom', 'A\u030angstro\u0308m', '\u212bngström']],
      ['Zoe\u0301e Decomposed', ['zoée', 'Zoe\u0301e decomp', 'ZOÉE']],
      ['Łucja Ørsted', ['lucja', 'łucja', 'orsted', 'ØRSTED']],
      ['Groß Straßmann', ['gross', 'GROSS', 'groß', 'strass', 'STRASSMANN']],
      ['Νίκος Σίσυφος', ['νικος', 'ΝΊΚΟΣ', 'σισυφοσ', 'σίσυφος']],
      ['ﬁtz Ｗｉｄｅ', ['fitz', 'wide', 'ｗｉｄｅ']],
      ['王小明 Wang', ['王', '王小明 wang']],
      ["O'Brien-Smythe Jr. 3rd", ["o'brien", 'brien', 'smythe', 'jr 3']],
    ])('finds %s without regard to case, accents and forms of letters', async (name, texts) => {
      const id = await register(name, `folded-${texts.length}-${name.length}-${name.codePointAt(0)}@example.com`);
      for (const text of texts) expect(await find(text), JSON.stringify(text)).toContain(id);
      expect(await find(`${texts[0]}x`)).not.toContain(id);
    });

    it('takes what means something to a database as it stands', async () => {
      const under = await register('A_under 100%', 'under_score@example.com');
      await register('AXunder 1000', 'axunder@example.com');
      expect(await find('under_')).toEqual([under]);
      expect(await find('a_under')).toEqual([under]);
      for (const text of ['under:*', '!under', 'under & a', 'under)', "'under'", 'under\\', 'a <-> under', '"under"']) {
        expect(await find(text), text).toEqual([under]);
      }
      for (const text of ['%', '_', '\\', ':*', '!', '&', '|', "'", "''", '"', '( ', '<->', '*', '?', '😀', '\u0301']) {
        expect(await find(text), text).toEqual([]);
      }
      for (const text of ['under | nothing', "under' or true --", 'under:*nothing', 'x under']) {
        expect(await find(text), text).toEqual([]);
      }
    });

    it('finds an account under its new name and address, and under the former ones no more', async () => {
      const person = await member(server, 'Formerly');
      await as(person, 'PATCH /users/me', { name: 'Presently Found' });
      expect(await find('presently')).toEqual([person.id]);
      expect(await find('formerly')).toEqual([person.id]);
      await as(root, `PATCH /admin/users/${person.id}`, { email: 'elsewhere@example.com' });
      expect(await find('formerly')).toEqual([]);
      expect(await find('elsewhere@')).toEqual([person.id]);
      await as(root, `DELETE /admin/users/${person.id}`);
      expect(await find('presently')).toEqual([]);
    });

    it('filters by whether the address is verified', async () => {
      const [ada, bob] = [await member(server), await member(server)];
      await server.request('POST /auth/verify-email', {
        json: { token: await linkTo(server, ada.email, 'verify-email') },
      });
      const verified = await search('email_verified=true&limit=100');
      expect([verified.includes(ada.id), verified.includes(bob.id)]).toEqual([true, false]);
      const others = await search('email_verified=false&limit=100');
      expect([others.includes(ada.id), others.includes(bob.id)]).toEqual([false, true]);
      expect(await search(`email_verified=true&search=${bob.email}`)).toEqual([]);
      expect(await search(`email_verified=true&role=user&search=${ada.email}`)).toEqual([ada.id]);
    });

    it('filters by the external id, to the letter', async () => {
      const create = async (name: string, externalId: string) => {
        const json = { name, email: `${name.toLowerCase()}@example.com`, external_id: externalId };
        return (await as(root, 'POST /admin/users', json)).body.id;
      };
      const [legacy, other] = [await create('Legacy1', 'Legacy-1815'), await create('Legacy2', 'legacy-1815')];
      const find = (externalId: string) => search(new URLSearchParams({ external_id: externalId }).toString());
      expect(await find('Legacy-1815')).toEqual([legacy]);
      expect(await find('legacy-1815')).toEqual([other]);
      for (const none of ['Legacy', 'LEGACY-1815', '%', 'null', '0']) expect(await find(none), none).toEqual([]);
    });

    it('lists an account that was invited like any other', async () => {
      const { id, email } = await invitee(server, root);
      const { body } = await as(root, `GET /admin/users?search=${email}`);
      expect(body).toEqual([(await as(root, `GET /admin/users/${id}`)).body]);
      expect(body).toMatchObject([{ id, email, is_active: true, email_verified: false, age: null, city: 'Unknown' }]);
    });

    it('filters by role and use, by both together', async () => {
      const [idle, ada] = [await member(server), await member(server)];
      await as(idle, 'PATCH /users/me/deactivate');
      expect(await search('role=admin')).toEqual([root.id]);
      expect(await search('role=admin&is_active=false')).toEqual([]);
      expect(await search('role=user&limit=100')).not.toContain(root.id);
      expect(await search('is_active=false&limit=100')).toContain(idle.id);
      expect(await search('is_active=false&limit=100')).not.toContain(ada.id);
      expect(await search('is_active=true&limit=100')).not.toContain(idle.id);
      expect(await search(`is_active=false&search=${idle.email}`)).toEqual([idle.id]);
      expect(await search(`is_active=true&search=${idle.email}`)).toEqual([]);
    });

    it('pages with its filters', async () => {
      const people = [await member(server, 'Paged1'), await member(server, 'Paged2'), await member(server, 'Paged3')];
      const [first, second, third] = people.map(({ id }) => id);
      const page = await as(root, 'GET /admin/users?search=paged&role=user&is_active=true&limit=2');
      expect(idsOf(page.body)).toEqual([first, second]);
      const rest = `/admin/users?search=paged&role=user&is_active=true&limit=2&after=${second}`;
      expect(nextOf(page)).toBe(rest);
      const next = await as(root, `GET ${rest}`);
      expect([idsOf(next.body), next.headers.has('Link')]).toEqual([[third], false]);
      expect(await search('search=paged&skip=1&limit=1')).toEqual([second]);
    });

    it.each([
      ['role=root', '/role', 'Must be one of "user" | "admin"'],
      ['is_active=yes', '/is_active', 'Must be true or false'],
      ['is_active=', '/is_active', 'Must be true or false'],
      ['email_verified=', '/email_verified', 'Must be true or false'],
      ['email_verified=1', '/email_verified', 'Must be true or false'],
      ['email_verified=true&email_verified=true', '/email_verified', 'Must be given once'],
      ['external_id=', '/external_id', 'Must be at least 1 characters'],
      [`external_id=${'x'.repeat(256)}`, '/external_id', 'Must be at most 255 characters'],
      ['search=', '/search', 'Must be at least 1 characters'],
      [`search=${'x'.repeat(255)}`, '/search', 'Must be at most 254 characters'],
      ['search=a&search=b', '/search', 'Must be given once'],
      ['limit=101', '/limit', 'Must be at most 100'],
      ['after=x', '/after', 'Must be a number'],
    ])('answers 422 to ?%s', async (query, pointer, detail) => {
      expect(invalidOf(await as(root, `GET /admin/users?${query}`))).toEqual({ [pointer]: detail });
    });
  });
});
