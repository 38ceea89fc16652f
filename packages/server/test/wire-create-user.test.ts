import { ManualClock } from '@sallyport/adapters-memory/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invalidLink, isDone } from './mailed-link.ts';
import { challengeOf, invalidOf, problemOf } from './problem.ts';
import {
  admin,
  invitee,
  linkTo,
  login,
  mailedTo,
  member,
  type Person,
  startServer,
  storeOfEachAdapter,
  type TestServer,
  unusedName,
} from './start-server.ts';

const day = 24 * 60 * 60;

describe.each(storeOfEachAdapter)('accounts that admins create on %s', (store) => {
  const clock = new ManualClock();
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store, { clock });
    root = await admin(server);
  });
  afterAll(() => server.close());

  /** The admin's token: time passes, and one expires soon. */
  const token = () => login(server, root.email, root.password);
  const asRoot = async (methodAndPath: string, json?: unknown) =>
    server.request(methodAndPath, { token: await token(), json });
  const newAddress = () => `${unusedName().toLowerCase()}@example.com`;
  const create = (fields: object) => asRoot('POST /admin/users', fields);
  const reset = (link: string, password = 'newSecret456') =>
    server.request('POST /auth/reset-password', { json: { token: link, new_password: password } });
  const me = async (accessToken: string) => (await server.request('GET /users/me', { token: accessToken })).body;
  const invited = async () => invitee(server, { token: await token() });
  const auditOf = async (id: number): Promise<any[]> => (await asRoot(`GET /admin/audit?subject_id=${id}`)).body;

  describe('POST /admin/users', () => {
    it('answers 201 with the account, which has a password at once where one is sent', async () => {
      const email = newAddress();
      const { status, headers, body } = await create({
        name: ' Ada Lovelace ',
        email: ` ${email.toUpperCase()} `,
        password: 'secret123',
        age: 36,
        city: 'London',
      });
      expect([status, headers.get('Cache-Control')]).toEqual([201, 'no-store']);
      expect(body).toEqual({
        id: expect.any(Number),
        name: 'Ada Lovelace',
        email,
        age: 36,
        city: 'London',
        role: 'user',
        is_active: true,
        email_verified: false,
        created_at: clock.now().toISOString(),
      });
      expect(await me(await login(server, email, 'secret123'))).toEqual(body);
      expect(await mailedTo(server, email)).toEqual(['verify-email']);
      const event = { actor_id: root.id, subject_id: body.id, ip: '127.0.0.1' };
      expect((await auditOf(body.id)).at(-1)).toMatchObject({
        ...event,
        type: 'user.created',
        detail: { role: 'user', invited: false },
      });
    });

    it('invites the owner of an account without a password, whose link sets one, once', async () => {
      const email = newAddress();
      const { status, body } = await create({ name: 'Ada', email });
      const fields = { age: null, city: 'Unknown', role: 'user', is_active: true, email_verified: false };
      expect([status, body]).toEqual([201, expect.objectContaining(fields)]);
      expect(await mailedTo(server, email)).toEqual(['invitation']);
      for (const password of ['', 'secret123', 'undefined', 'null']) {
        const refused = await server.request('POST /auth/login', { json: { email, password } });
        expect(problemOf(refused)).toEqual([401, 'Invalid email or password']);
      }

      const link = await linkTo(server, email, 'invitation');
      const page = await server.request(`GET /reset-password?token=${link}`);
      expect([page.status, page.body]).toEqual([200, expect.stringContaining(`name="token" value="${link}"`)]);
      expect(invalidOf(await reset(link, 'password1'))).toEqual({
        '/new_password': 'Password is among the most common ones',
      });
      isDone(await reset(link));
      expect(await me(await login(server, email, 'newSecret456'))).toEqual({ ...body, email_verified: true });
      expect(problemOf(await reset(link, 'another789'))).toEqual(invalidLink);
      await login(server, email, 'newSecret456');
    });

    it('gives a role, verifies an address, and mails nothing to an address that is verified', async () => {
      const email = newAddress();
      const { body } = await create({
        name: 'Grace',
        email,
        role: 'admin',
        password: 'secret123',
        email_verified: true,
      });
      expect(body).toMatchObject({ role: 'admin', email_verified: true });
      expect(
        (await server.request('GET /admin/users', { token: await login(server, email, 'secret123') })).status,
      ).toBe(200);
      expect(await mailedTo(server, email)).toEqual([]);
      const other = newAddress();
      await create({ name: 'Invited', email: other, email_verified: true });
      expect(await mailedTo(server, other)).toEqual(['invitation']);
    });

    it('ignores fields that it does not know', async () => {
      const unknown = { id: 1, is_active: false, created_at: '2000-01-01', password_hash: 'x', profile: { age: 1 } };
      const { status, body } = await create({ name: 'Ada', email: newAddress(), ...unknown, externalId: 'x' });
      expect([status, body]).toEqual([201, expect.objectContaining({ is_active: true, age: null })]);
      expect(body.id).not.toBe(1);
      expect(body.created_at).toBe(clock.now().toISOString());
    });

    it('answers 400 to an address or an external id that is taken, and creates nothing', async () => {
      const person = await member(server);
      const taken = await create({ name: 'Eve', email: person.email.toUpperCase() });
      expect(problemOf(taken)).toEqual([400, 'Email already registered']);
      const [first, second] = [newAddress(), newAddress()];
      const legacy = { name: 'Legacy', external_id: `legacy-${first}` };
      expect((await create({ ...legacy, email: first })).status).toBe(201);
      expect(problemOf(await create({ ...legacy, email: second }))).toEqual([400, 'External id already in use']);
      expect(await mailedTo(server, second)).toEqual([]);
      expect((await asRoot(`GET /admin/users?search=${second}`)).body).toEqual([]);
    });

    it('answers 422 to what breaks a rule, by the names of the wire', async () => {
      expect(invalidOf(await create({}))).toEqual({ '/name': 'Field required', '/email': 'Field required' });
      const wrong = { role: 'root', password: '12345678', email_verified: 'yes', external_id: '', age: 151, city: 7 };
      expect(invalidOf(await create({ name: 'A', email: 'ada', ...wrong }))).toEqual({
        '/name': 'Must be at least 2 characters',
        '/email': 'Must be an e-mail address',
        '/role': 'Must be one of "user" | "admin"',
        '/password': 'Password cannot be only numbers',
        '/email_verified': 'Must be true or false',
        '/external_id': 'Must be at least 1 characters',
        '/age': 'Must be at most 150',
        '/city': 'Must be a string',
      });
      const email = newAddress();
      expect(invalidOf(await create({ name: 'Ada', email, password: email }))).toEqual({
        '/password': 'Password cannot be the e-mail address',
      });
    });
  });

  describe('an invitation', () => {
    const invite = (id: number) => asRoot(`POST /admin/users/${id}/invitation`);

    it('is mailed again with 202; one of three links sets the password and makes the others invalid', async () => {
      const { id, email } = await invited();
      const links = [await linkTo(server, email, 'invitation')];
      for (let count = 0; count < 2; count += 1) {
        isDone(await invite(id), 202);
        links.push(await linkTo(server, email, 'invitation'));
      }
      expect(new Set(links).size).toBe(3);
      isDone(await reset(links[1] ?? ''));
      for (const link of links) expect(problemOf(await reset(link, 'another789'))).toEqual(invalidLink);
      await login(server, email, 'newSecret456');
      const again = (await auditOf(id)).filter(({ type }) => type === 'user.invited');
      expect(again.map(({ actor_id: actor }) => actor)).toEqual([root.id, root.id]);
    });

    it('is refused with 409 to an account that has a password', async () => {
      const [{ id }, { id: joined, email }] = [await member(server), await invited()];
      await reset(await linkTo(server, email, 'invitation'));
      for (const withPassword of [id, joined, root.id]) {
        expect(problemOf(await invite(withPassword))).toEqual([409, 'The account already has a password']);
      }
    });

    it('is refused with 404 where there is no account', async () => {
      const { id } = await invited();
      expect((await asRoot(`DELETE /admin/users/${id}`)).status).toBe(204);
      for (const absent of [id, 999_999_999]) expect(problemOf(await invite(absent))).toEqual([404, 'User not found']);
    });

    it('is valid for a week', async () => {
      const people = [await invited(), await invited()] as const;
      const links = [
        await linkTo(server, people[0].email, 'invitation'),
        await linkTo(server, people[1].email, 'invitation'),
      ];
      clock.advance(7 * day - 1);
      isDone(await reset(links[0] ?? ''));
      clock.advance(1);
      expect(problemOf(await reset(links[1] ?? ''))).toEqual(invalidLink);
    });

    it('is not mailed to an owner who has set a password meanwhile, nor to one who is deactivated', async () => {
      const [joined, idle] = [await invited(), await invited()];
      const link = await linkTo(server, joined.email, 'invitation');
      await invite(joined.id);
      await reset(link);
      await asRoot(`PATCH /admin/users/${idle.id}/deactivate`);
      isDone(await invite(idle.id), 202);
      expect(await mailedTo(server, joined.email)).toEqual(['invitation', 'password-changed']);
      expect(await mailedTo(server, idle.email)).toEqual(['invitation', 'account-deactivated']);
    });

    it('is not the only way to a first password: the owner may ask for a reset link as well', async () => {
      const { email } = await invited();
      const invitation = await linkTo(server, email, 'invitation');
      await server.request('POST /auth/forgot-password', { json: { email } });
      isDone(await reset(await linkTo(server, email, 'reset-password')));
      await login(server, email, 'newSecret456');
      expect(problemOf(await reset(invitation))).toEqual(invalidLink);
    });

    it('verifies no address by itself', async () => {
      const { email } = await invited();
      const link = await linkTo(server, email, 'invitation');
      const verified = await server.request('POST /auth/verify-email', { json: { token: link } });
      expect(problemOf(verified)).toEqual(invalidLink);
    });
  });

  it('are created and invited by admins alone', async () => {
    const [ada, { id }] = [await member(server), await invited()];
    for (const route of ['POST /admin/users', `POST /admin/users/${id}/invitation`]) {
      const json = { name: 'Eve', email: newAddress() };
      expect(problemOf(await server.request(route, { token: ada.token, json }))).toEqual([
        403,
        'Admin access required',
      ]);
      expect(challengeOf(await server.request(route, { json }))).toBe('Not authenticated');
    }
  });
});
