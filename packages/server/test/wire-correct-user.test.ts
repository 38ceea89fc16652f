import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invalidLink } from './mailed-link.ts';
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

describe.each(storeOfEachAdapter)('PATCH /admin/users/{id} on %s', (store) => {
  let server: TestServer;
  let root: Person;
  beforeAll(async () => {
    server = await startServer(store);
    root = await admin(server);
  });
  afterAll(() => server.close());

  const correct = ({ id }: { id: number }, json?: unknown) =>
    server.request(`PATCH /admin/users/${id}`, { token: root.token, json });
  const me = async ({ token }: Person) => (await server.request('GET /users/me', { token })).body;
  const verify = (token: string) => server.request('POST /auth/verify-email', { json: { token } });
  const reset = (token: string) =>
    server.request('POST /auth/reset-password', { json: { token, new_password: 'newSecret456' } });
  const newAddress = () => `${unusedName().toLowerCase()}@example.com`;
  const correctionsOf = async ({ id }: { id: number }): Promise<any[]> => {
    const options = { token: root.token };
    return (await server.request(`GET /admin/audit?subject_id=${id}&type=user.corrected`, options)).body;
  };

  it.each([
    ['name', ' Ada King ', 'Ada King'],
    ['age', 37, 37],
    ['city', 'London', 'London'],
    ['email_verified', true, true],
  ])('corrects the %s alone, and answers 200 with the account', async (field, sent, stored) => {
    const person = await member(server);
    const before = await me(person);
    const { status, headers, body } = await correct(person, { [field]: sent });
    expect([status, headers.get('Cache-Control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({ ...before, [field]: stored });
    expect(await me(person)).toEqual(body);
    const event = { actor_id: root.id, subject_id: person.id, ip: '127.0.0.1', detail: { [field]: true } };
    expect(await correctionsOf(person)).toEqual([expect.objectContaining(event)]);
    // The correction is no business of the owner's devices.
    expect(await mailedTo(server, person.email)).toEqual(field === 'email_verified' ? [] : ['verify-email']);
  });

  it('corrects several fields at once and names them in the audit, not their values', async () => {
    const person = await member(server);
    const email = newAddress();
    const { body } = await correct(person, { name: 'Ada King', age: 37, email, city: null });
    expect(body).toMatchObject({ name: 'Ada King', age: 37, email, city: 'Unknown' });
    const [event] = await correctionsOf(person);
    expect(event.detail).toEqual({ age: true, email: true, name: true });
  });

  it('changes nothing, and audits nothing, for null, for what the account has already and for unknown fields', async () => {
    const person = await member(server);
    const before = await me(person);
    const same = {
      name: before.name,
      email: before.email.toUpperCase(),
      email_verified: false,
      age: 36,
      city: 'Unknown',
    };
    const nulls = { name: null, email: null, email_verified: null, age: null, city: null };
    const unknown = { role: 'admin', is_active: false, id: root.id, password: 'taken over 1', profile: { age: 1 } };
    for (const json of [undefined, {}, same, nulls, unknown]) {
      const { status, body } = await correct(person, json);
      expect([status, body]).toEqual([200, before]);
    }
    expect(await correctionsOf(person)).toEqual([]);
    expect(await mailedTo(server, person.email)).toEqual(['verify-email']);
    await login(server, person.email, person.password);
  });

  it('moves an account to an address that counts as not verified until its mailed link is used', async () => {
    const person = await member(server);
    await verify(await linkTo(server, person.email, 'verify-email'));
    const email = newAddress();
    const { body } = await correct(person, { email: ` ${email.toUpperCase()}` });
    expect(body).toMatchObject({ email, email_verified: false });
    expect(await mailedTo(server, email)).toEqual(['verify-email']);
    expect((await verify(await linkTo(server, email, 'verify-email'))).status).toBe(204);
    expect(await me(person)).toEqual({ ...body, email_verified: true });
    await login(server, email, person.password);
    await expect(login(server, person.email, person.password)).rejects.toThrow('401');
    const again = { name: 'Successor', email: person.email, password: 'secret123', age: 36 };
    expect((await server.request('POST /auth/register', { json: again })).status).toBe(201);
  });

  it('takes an address as verified where the admin says so, and mails nothing there', async () => {
    const [person, email] = [await member(server), newAddress()];
    const { body } = await correct(person, { email, email_verified: true });
    expect(body).toMatchObject({ email, email_verified: true });
    expect(await mailedTo(server, email)).toEqual([]);
  });

  it('withdraws the verification of an address', async () => {
    const person = await member(server);
    await verify(await linkTo(server, person.email, 'verify-email'));
    expect((await correct(person, { email_verified: false })).body.email_verified).toBe(false);
  });

  it('makes every link invalid that was mailed before, of each purpose, and cancels those on their way', async () => {
    const person = await member(server);
    const [moved, late, email] = [newAddress(), newAddress(), newAddress()];
    const move = (address: string) => {
      const json = { new_email: address, current_password: person.password };
      return server.request('POST /users/me/email', { token: person.token, json });
    };
    await server.request('POST /auth/forgot-password', { json: { email: person.email } });
    await move(moved);
    const links = {
      verify: await linkTo(server, person.email, 'verify-email'),
      reset: await linkTo(server, person.email, 'reset-password'),
      change: await linkTo(server, moved, 'change-email'),
    };
    await move(late);
    await server.request('POST /auth/forgot-password', { json: { email: person.email } });
    await correct(person, { email });

    expect(problemOf(await verify(links.verify))).toEqual(invalidLink);
    expect(problemOf(await verify(links.change))).toEqual(invalidLink);
    expect(problemOf(await reset(links.reset))).toEqual(invalidLink);
    expect(await mailedTo(server, late)).toEqual([]);
    expect((await mailedTo(server, person.email)).filter((kind) => kind === 'reset-password')).toHaveLength(1);
    expect(await me(person)).toMatchObject({ email, email_verified: false });
  });

  it('invites the owner of an account without a password at the corrected address, and at no other', async () => {
    const [sent, queued] = [await invitee(server, root), await invitee(server, root)];
    const link = await linkTo(server, sent.email, 'invitation');
    await server.request(`POST /admin/users/${queued.id}/invitation`, { token: root.token });
    const [first, second] = [newAddress(), newAddress()];
    await correct(sent, { email: first });
    await server.request(`POST /admin/users/${queued.id}/invitation`, { token: root.token });
    await correct(queued, { email: second, email_verified: true });

    expect(problemOf(await reset(link))).toEqual(invalidLink);
    expect(await mailedTo(server, first)).toEqual(['invitation']);
    expect(await mailedTo(server, second)).toEqual(['invitation']);
    // The first invitation and its repetition left before the correction, the second repetition did not.
    expect(await mailedTo(server, queued.email)).toEqual(['invitation']);
    expect((await reset(await linkTo(server, first, 'invitation'))).status).toBe(204);
    await login(server, first, 'newSecret456');
  });

  it('answers 400 to an address that is taken, and changes nothing', async () => {
    const [person, other] = [await member(server), await member(server)];
    const before = await me(person);
    const taken = await correct(person, { name: 'Renamed', email: other.email });
    expect(problemOf(taken)).toEqual([400, 'Email already registered']);
    expect(await me(person)).toEqual(before);
    expect(await correctionsOf(person)).toEqual([]);
  });

  it('answers 422 to what breaks a rule, by the names of the wire', async () => {
    const person = await member(server);
    const wrong = { name: 'A', email: 'ada', email_verified: 'yes', age: '37', city: 'x'.repeat(51) };
    expect(invalidOf(await correct(person, wrong))).toEqual({
      '/name': 'Must be at least 2 characters',
      '/email': 'Must be an e-mail address',
      '/email_verified': 'Must be true or false',
      '/age': 'Must be a number',
      '/city': 'Must be at most 50 characters',
    });
  });

  it('leaves the sessions of the account as they are', async () => {
    const person = await member(server);
    await correct(person, { email: newAddress(), name: 'Ada King', age: 37 });
    expect((await me(person)).name).toBe('Ada King');
    const json = { refresh_token: person.refreshToken };
    expect((await server.request('POST /auth/refresh', { json })).status).toBe(200);
  });

  it('answers 404 where there is no account, and 422 to what is no id', async () => {
    expect(problemOf(await correct({ id: 999_999_999 }, { name: 'Ada' }))).toEqual([404, 'User not found']);
    const { status, body } = await correct({ id: 0 }, { name: 'Ada' });
    expect([status, body.errors]).toEqual([422, [{ pointer: '/id', detail: 'Must be at least 1' }]]);
  });

  it('is for admins', async () => {
    const person = await member(server);
    const own = `PATCH /admin/users/${person.id}`;
    expect(problemOf(await server.request(own, { token: person.token, json: { email_verified: true } }))).toEqual([
      403,
      'Admin access required',
    ]);
    expect(challengeOf(await server.request(own, { json: {} }))).toBe('Not authenticated');
  });
});
