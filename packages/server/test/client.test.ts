import { type Client, createClient, type Grant } from '@sallyport/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { notes } from '../../../test/secrecy.mjs';
import { document } from './document.ts';
import { admin, basePath, linkTo, mailedTo, startServer, type TestServer, unusedName } from './start-server.ts';

const password = 'secret123';
const post = { title: 'A first post', content: 'Twenty characters or more of it.' };

/** The names of the operations of the document. */
const operationIds = Object.values(document['paths'])
  .flatMap((methods) => Object.values(methods as object))
  .map(({ operationId }) => operationId as string);

describe('the client of a server', () => {
  let server: TestServer;
  let root: Client;
  const called = new Set<string>();
  beforeAll(async () => {
    server = await startServer('memory');
    const person = await admin(server);
    root = newClient();
    await root.login({ email: person.email, password: person.password });
  });
  afterAll(() => server.close());

  /** A client that notes which methods were called. */
  function newClient(options: object = {}): Client {
    const client = createClient({
      baseUrl: server.url + basePath,
      fetch: (url, init) => server.fetch((url as string).slice(server.url.length), init),
      ...options,
    });
    return new Proxy(client, {
      get(target, name: keyof Client) {
        if (name !== 'session') called.add(name);
        return target[name];
      },
    });
  }

  /** A new member, logged in. */
  async function member(options: object = {}) {
    const name = unusedName();
    const email = `${name.toLowerCase()}@example.com`;
    const client = newClient(options);
    const { id } = await client.register({ name, email, password, age: 36 });
    const grant = await client.login({ email, password });
    noteTokens(grant);
    return { client, id, email, grant };
  }

  const noteTokens = ({ access_token: access, refresh_token: refresh }: Grant) => notes.credentials(access, refresh);

  /** The code that a call fails with. */
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'none',
      (error: unknown) => (error as { code: string }).code,
    );

  it('registers, logs in, refreshes and logs out', async () => {
    const { client, email, grant } = await member();
    expect(await client.getProfile()).toMatchObject({ email, age: 36, city: 'Unknown', role: 'user' });
    const renewed = await client.refresh({ refresh_token: grant.refresh_token });
    noteTokens(renewed);
    expect(await client.session.accessToken()).toBe(renewed.access_token);
    await client.logout();
    expect(await client.session.isActive()).toBe(false);
    expect(await codeOf(client.getProfile())).toBe('not_authenticated');
    expect(await codeOf(client.refresh({ refresh_token: renewed.refresh_token }))).toBe('invalid_refresh_token');
  });

  it('says why the server refuses, with each field and the id of the request', async () => {
    const { client, email } = await member();
    const wrong = { name: 'Ada', email, password: '1', age: 36 };
    const refused = await client.register(wrong).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'validation_failed',
      status: 422,
      operation: 'register',
      issues: [{ pointer: '/password', detail: 'Must be at least 8 characters' }],
      requestId: expect.stringMatching(/.{8}/),
    });
    expect(await codeOf(client.register({ ...wrong, password }))).toBe('email_taken');
    expect(await codeOf(client.login({ email, password: 'wrong' }))).toBe('invalid_credentials');
    expect(await codeOf(client.issueTokens({ username: email, password: 'wrong' }))).toBe('invalid_grant');
    expect(await codeOf(client.getAnyUser({ id: 1 }))).toBe('admin_required');
    expect(await codeOf(client.getUser({ id: 999 }))).toBe('user_not_found');
  });

  it('goes on after the server refuses its token, and ends with its session', async () => {
    const onSignedOut = vi.fn<() => void>();
    const { client, id, grant } = await member({ onSignedOut });
    await client.session.adopt({ ...grant, access_token: 'expired' });
    expect(await client.getProfile()).toMatchObject({ id });
    await root.endUserSessions({ id });
    expect(onSignedOut).not.toHaveBeenCalled();
    expect(await codeOf(client.getProfile())).toBe('invalid_token');
    expect([onSignedOut.mock.calls.length, await client.session.isActive()]).toEqual([1, false]);
  });

  it('uses mailed links', async () => {
    const { client, email } = await member();
    await client.resendVerification();
    await client.verifyEmail({ token: await linkTo(server, email, 'verify-email') });
    expect(await client.getProfile()).toMatchObject({ email_verified: true });
    expect((await client.forgotPassword({ email })).message).toContain('a reset link has been sent');
    const token = await linkTo(server, email, 'reset-password');
    await client.resetPassword({ token, new_password: 'newSecret456' });
    noteTokens(await client.login({ email, password: 'newSecret456' }));
    const address = `${unusedName().toLowerCase()}@example.com`;
    await client.changeEmail({ new_email: address, current_password: 'newSecret456' });
    await client.verifyEmail({ token: await linkTo(server, address, 'change-email') });
    expect(await client.getProfile()).toMatchObject({ email: address });
  });

  it('changes an account, and keeps the session of the new password', async () => {
    const { client } = await member();
    expect(await client.updateProfile({ age: 37, city: null })).toMatchObject({ age: 37, city: 'Unknown' });
    noteTokens(await client.changePassword({ current_password: password, new_password: 'newSecret456' }));
    expect(await client.getProfile()).toMatchObject({ age: 37 });
    expect(await client.deactivate()).toMatchObject({ is_active: false });
    expect(await client.session.isActive()).toBe(false);
    const { client: other } = await member();
    await other.deleteAccount();
    expect(await codeOf(other.getProfile())).toBe('not_authenticated');
  });

  it('lists and ends sessions', async () => {
    const { client, email } = await member();
    noteTokens(await newClient().login({ email, password }));
    const [newest, oldest] = await client.listSessions();
    expect([newest?.current, oldest?.current]).toEqual([false, true]);
    const ids: string[] = [];
    for await (const { id } of client.listSessions({ limit: 1 })) ids.push(id);
    expect(ids).toEqual([newest?.id, oldest?.id]);
    await client.endSession({ id: ids[0]! });
    expect(await client.listSessions()).toHaveLength(1);
    await client.endAllSessions();
    expect(await client.session.isActive()).toBe(false);
  });

  it('speaks OAuth', async () => {
    const { client, email, id } = await member();
    const tokens = await client.issueTokens({ grant_type: 'password', username: email, password });
    noteTokens(tokens);
    expect(await root.introspect({ token: tokens.access_token })).toMatchObject({ active: true, sub: String(id) });
    await client.revoke({ token: tokens.refresh_token });
    expect(await root.introspect({ token: tokens.access_token })).toEqual({ active: false });
  });

  it('reads users page by page', async () => {
    const { client, id } = await member();
    const ids: number[] = [];
    for await (const user of client.listUsers({ limit: 1 })) ids.push(user.id);
    expect(ids).toContain(id);
    const first = await client.listUsers({ limit: 1 });
    expect((await client.listUsers(first.next)).map((user) => user.id)).toEqual([ids[1]]);
    expect(await client.getUser({ id })).toMatchObject({ id });
  });

  it('administers accounts', async () => {
    const email = `${unusedName().toLowerCase()}@example.com`;
    const { id } = await root.createUser({ name: 'Grace Hopper', email, age: 40 });
    await root.inviteUser({ id });
    expect(await mailedTo(server, email)).toEqual(['invitation', 'invitation']);
    expect(await root.correctUser({ id, name: 'Rear Admiral Hopper' })).toMatchObject({ name: 'Rear Admiral Hopper' });
    expect(await root.searchUsers({ search: 'hopper', is_active: true })).toMatchObject([{ id }]);
    expect(await root.changeRole({ id, role: 'admin' })).toMatchObject({ role: 'admin' });
    expect(await root.deactivateUser({ id })).toMatchObject({ is_active: false });
    expect(await root.activateUser({ id })).toMatchObject({ is_active: true });
    expect(await root.getAnyUser({ id })).toMatchObject({ id, role: 'admin' });
    expect(await root.listUserSessions({ id })).toEqual([]);
    await root.endUserSessions({ id });
    await root.sendPasswordReset({ id });
    const [entry] = await root.listAudit({ subject_id: id, type: 'user.role_changed' });
    expect(entry).toMatchObject({ type: 'user.role_changed', detail: { role: 'admin' } });
    await root.deleteUser({ id });
    expect(await codeOf(root.getAnyUser({ id }))).toBe('user_not_found');
  });

  it('writes and reads posts', async () => {
    const { client, id: authorId } = await member();
    const { id } = await client.createPost(post);
    expect(await client.listMyPosts()).toMatchObject([{ id, published: false }]);
    expect(await codeOf(newClient().getPost({ id }))).toBe('post_not_found');
    expect(await client.updatePost({ id, published: true })).toMatchObject({ published: true });
    expect(await newClient().listPosts({ limit: 1 })).toMatchObject([{ id }]);
    expect(await newClient().getPost({ id })).toMatchObject({ author: { id: authorId, city: 'Unknown' } });
    expect(await codeOf(newClient().deletePost({ id }))).toBe('not_authenticated');
    await client.deletePost({ id });
    expect(await codeOf(client.getPost({ id }))).toBe('post_not_found');
  });

  it('has a method for each operation of the document, and these tests call each of them', () => {
    const { session: _, ...methods } = createClient({ baseUrl: server.url });
    expect(Object.keys(methods).toSorted()).toEqual(operationIds.toSorted());
    expect([...called].toSorted()).toEqual(operationIds.toSorted());
  });
});
