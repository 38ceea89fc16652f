import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { baseUrl, fakeApi, json, problem, sessionApi } from '../test/fake-api.ts';
import { FakeLocks, FakeStore } from '../test/fake-browser.ts';
import { createClient } from './client.ts';
import { browserStorage } from './token-storage.ts';

const ada = { email: 'ada@example.com', password: 'secret123' };

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());
const passSeconds = (seconds: number) => void vi.setSystemTime(Date.now() + seconds * 1000);

/** A client of an API with one session, logged in. */
async function signedIn(options: Parameters<typeof sessionApi>[0] = {}, more: object = {}) {
  const api = sessionApi(options);
  const onSignedOut = vi.fn<() => void>();
  const client = createClient({ baseUrl, fetch: api.fetch, onSignedOut, ...more });
  await client.login(ada);
  return { api, client, onSignedOut };
}

/** Two tabs of a browser, the first of which has logged in. */
async function twoTabs({ hasLocks = true } = {}) {
  const locks = hasLocks ? new FakeLocks() : undefined;
  const store = new FakeStore();
  const api = sessionApi();
  const onSignedOut = vi.fn<() => void>();
  const tab = () => createClient({ baseUrl, fetch: api.fetch, onSignedOut, storage: browserStorage({ store, locks }) });
  const [first, second] = [tab(), tab()];
  await first.login(ada);
  return { api, first, second, onSignedOut };
}

describe('a client', () => {
  it('sends its headers and the access token, and neither cookies nor anything to another server', async () => {
    const { api, client } = await signedIn({}, { headers: { 'Accept-Language': 'de' } });
    await client.getProfile();
    expect(api.sent.map(({ target, token }) => [target, token])).toEqual([
      ['POST /auth/login', undefined],
      ['GET /users/me', 'access-1'],
    ]);
    for (const { init } of api.sent) {
      expect(init).toMatchObject({ redirect: 'error', credentials: 'omit', headers: { 'Accept-Language': 'de' } });
    }
  });

  it('sends no token to routes that take none', async () => {
    const { api, client } = await signedIn();
    await client.login(ada);
    await client.getPost({ id: 1 });
    expect(api.sent.map(({ token }) => token)).toEqual([undefined, undefined, 'access-11']);
  });

  it('calls routes that it was not made with', async () => {
    const { fetch, sent } = fakeApi(() => json([]));
    interface Operations {
      listComments: {
        parameters: { path: { post_id: number } };
        responses: { 200: { content: { 'application/json': string[] } } };
      };
    }
    const client = createClient<Operations>({
      baseUrl,
      fetch,
      routes: { listComments: 'GET /posts/{post_id}/comments' },
    });
    await client.listComments({ post_id: 7 });
    expect(sent[0]?.target).toBe('GET /posts/7/comments');
  });

  it('says that the server cannot be reached, and why', async () => {
    const cause = new TypeError('fetch failed');
    const client = createClient({ baseUrl, fetch: () => Promise.reject(cause) });
    const failed = client.login(ada);
    await expect(failed).rejects.toMatchObject({ code: 'network_error', operation: 'login', status: undefined, cause });
  });

  it('gives up after the timeout of the client or of the call', async () => {
    const { fetch } = fakeApi(() => new Promise<never>(() => {}));
    const client = createClient({ baseUrl, fetch, timeout: 5 });
    const late = { code: 'network_error', detail: 'No answer within 5 ms' };
    await expect(client.login(ada)).rejects.toMatchObject(late);
    const patient = createClient({ baseUrl, fetch });
    await expect(patient.login(ada, { timeout: 5 })).rejects.toMatchObject(late);
  });

  it('fails with the reason of a caller who cancels, before and during the call', async () => {
    const { fetch } = fakeApi(() => new Promise<never>(() => {}));
    const client = createClient({ baseUrl, fetch });
    const reason = new Error('no longer needed');
    await expect(client.login(ada, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const call = client.login(ada, { signal: controller.signal });
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  it('repeats no request, whatever the server or the network says', async () => {
    for (const answer of [
      () => problem('unavailable', 503),
      () => problem('rate_limited', 429, { 'Retry-After': '3' }),
    ]) {
      const { fetch, sent } = fakeApi(answer);
      await expect(createClient({ baseUrl, fetch }).listPosts()).rejects.toMatchObject({ status: answer().status });
      expect(sent).toHaveLength(1);
    }
  });
});

describe('a list', () => {
  const pages = (link: (after: number) => string) =>
    fakeApi(({ target }) => {
      const after = Number(new URL(`https://a${target.split(' ')[1]}`).searchParams.get('after') ?? 0);
      const headers: Record<string, string> = after < 4 ? { Link: link(after + 2) } : {};
      return json([{ id: after + 1 }, { id: after + 2 }], 200, headers);
    });
  const ofApi = (after: number) => `</accounts/posts?limit=2&after=${after}>; rel="next"`;

  it('is iterated over all its pages, with the same filter', async () => {
    const { fetch, sent } = pages(ofApi);
    const ids: number[] = [];
    for await (const { id } of createClient({ baseUrl, fetch }).listPosts({ limit: 2, published: true, skip: 1 })) {
      ids.push(id);
    }
    expect(ids).toEqual([1, 2, 3, 4, 5, 6]);
    expect(sent.map(({ target }) => target)).toEqual([
      'GET /posts?limit=2&published=true&skip=1',
      'GET /posts?limit=2&published=true&after=2',
      'GET /posts?limit=2&published=true&after=4',
    ]);
  });

  it('is awaited page by page', async () => {
    const { fetch, sent } = pages(ofApi);
    const client = createClient({ baseUrl, fetch });
    const first = await client.listPosts();
    expect(first).toEqual([{ id: 1 }, { id: 2 }]);
    const second = await client.listPosts(first.next);
    const third = await client.listPosts(second.next);
    expect([third.map(({ id }) => id), third.next, sent.length]).toEqual([[5, 6], undefined, 3]);
  });

  it('requests no page that is not needed', async () => {
    const { fetch, sent } = pages(ofApi);
    for await (const { id } of createClient({ baseUrl, fetch }).listPosts()) if (id === 2) break;
    expect(sent).toHaveLength(1);
  });

  it.each(['<http://[>; rel="next"', '<>; rel="next"', '<http://[?limit=2#?after=2>; rel="next"', 'next'])(
    'is on its last page if its link is malformed: %s',
    async (Link) => {
      const client = createClient({ baseUrl, fetch: async () => json([{ id: 1 }], 200, { Link }) });
      expect((await client.listPosts()).next).toBeUndefined();
    },
  );

  it('follows its link on the API alone, whatever server the link names', async () => {
    const { fetch, sent } = pages((after) => `<https://evil.example/posts?after=${after}>; rel="next"`);
    const client = createClient({ baseUrl, fetch });
    await client.listPosts((await client.listPosts()).next);
    expect(sent[1]?.target).toBe('GET /posts?after=2');
  });
});

describe('the session of a client', () => {
  it('is refreshed shortly before the access token expires, once for all calls', async () => {
    const { api, client } = await signedIn();
    passSeconds(1769);
    await client.getProfile();
    expect(api.refreshes()).toBe(0);
    passSeconds(2);
    await Promise.all([client.getProfile(), client.listPosts(), client.session.accessToken()]);
    expect(api.refreshes()).toBe(1);
    expect(api.sent.at(-1)?.token).toBe('access-2');
  });

  it('is not refreshed before half of a short lifetime', async () => {
    const { api, client } = await signedIn({ lifetime: 20 });
    passSeconds(9);
    await client.getProfile();
    passSeconds(2);
    await client.getProfile();
    expect(api.refreshes()).toBe(1);
  });

  it('is refreshed when the server refuses the token, and each call is repeated once', async () => {
    const { api, client } = await signedIn();
    api.expireAccess();
    expect(await Promise.all([client.getProfile(), client.updateProfile({ age: 37 })])).toHaveLength(2);
    expect([api.refreshes(), api.sent.length]).toEqual([1, 6]);
  });

  it('is refreshed at any time on request, and says whether it goes on', async () => {
    const { api, client } = await signedIn();
    expect(await Promise.all([client.session.refresh(), client.session.refresh()])).toEqual([true, true]);
    expect([api.refreshes(), await client.session.accessToken()]).toEqual([1, 'access-2']);
    api.end();
    expect([await client.session.refresh(), await client.session.refresh()]).toEqual([false, false]);
    expect(api.refreshes()).toBe(2);
  });

  it('ends when the refresh token is refused, and the app is told once', async () => {
    const { api, client, onSignedOut } = await signedIn();
    api.end();
    await expect(client.getProfile()).rejects.toMatchObject({ code: 'invalid_token' });
    await expect(client.getProfile()).rejects.toMatchObject({ code: 'not_authenticated' });
    expect([onSignedOut.mock.calls.length, await client.session.isActive()]).toEqual([1, false]);
    await client.login(ada);
    expect([await client.session.isActive(), await client.getProfile()]).toEqual([true, { id: 1, token: 'access-11' }]);
  });

  it('that has ended while the app was away leaves public routes readable', async () => {
    const { api, client } = await signedIn();
    api.end();
    passSeconds(3600);
    expect(await client.listPosts()).toEqual([]);
  });

  it.each([
    ['the network fails', () => Promise.reject(new TypeError('fetch failed')), 'network_error'],
    ['the server is down', async () => problem('unavailable', 503), 'unavailable'],
    ['a limit is used up', async () => problem('rate_limited', 429), 'rate_limited'],
    ['a proxy answers', async () => new Response('<html>', { status: 502 }), 'unexpected_response'],
  ])('survives a refresh during which %s', async (_, refuse, code) => {
    const { api, client, onSignedOut } = await signedIn();
    api.duringRefresh(refuse);
    api.expireAccess();
    await expect(client.getProfile()).rejects.toMatchObject({ code });
    api.duringRefresh(async () => undefined);
    expect(await client.getProfile()).toMatchObject({ id: 1 });
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it('uses its token until it expires if it cannot be refreshed early', async () => {
    const { api, client } = await signedIn();
    api.duringRefresh(async () => problem('unavailable', 503));
    passSeconds(1790);
    expect(await client.getProfile()).toEqual({ id: 1, token: 'access-1' });
    passSeconds(20);
    await expect(client.getProfile()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('goes on being refreshed for the others if one caller cancels', async () => {
    const { api, client } = await signedIn();
    passSeconds(1790);
    const controller = new AbortController();
    api.duringRefresh(async () => {
      controller.abort(new Error('no longer needed'));
      return undefined;
    });
    const [cancelled, other] = [client.getProfile(undefined, { signal: controller.signal }), client.getProfile()];
    await expect(cancelled).rejects.toThrow('no longer needed');
    expect(await other).toEqual({ id: 1, token: 'access-2' });
  });

  it('is that of the new password after a change, also if a refresh was on its way', async () => {
    const { api, client, onSignedOut } = await signedIn();
    api.expireAccess();
    api.duringRefresh(async () => {
      api.duringRefresh(async () => undefined);
      await client.login(ada);
      return problem('invalid_refresh_token', 401);
    });
    expect(await client.getProfile()).toEqual({ id: 1, token: 'access-12' });
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it('does not come back if the user logs out while it is refreshed', async () => {
    const { api, client } = await signedIn();
    api.expireAccess();
    api.duringRefresh(async () => {
      await client.session.clear();
      return undefined;
    });
    await expect(client.getProfile()).rejects.toMatchObject({ code: 'invalid_token' });
    expect(await client.session.isActive()).toBe(false);
  });

  it('ends by a logout, even one that does not reach the server, and the app is told', async () => {
    const { api, client, onSignedOut } = await signedIn();
    await client.logout();
    expect([api.targets().at(-1), onSignedOut.mock.calls.length]).toEqual(['POST /auth/logout', 1]);
    await client.logout();

    const offline = createClient({ baseUrl, fetch: () => Promise.reject(new TypeError('fetch failed')) });
    await offline.session.adopt({ access_token: 'a', refresh_token: 'r', expires_in: 60 });
    await expect(offline.logout()).rejects.toMatchObject({ code: 'network_error' });
    expect(await offline.session.isActive()).toBe(false);
  });

  it.each(['endAllSessions', 'deleteAccount', 'deactivate'] as const)('ends by %s', async (name) => {
    const { client, onSignedOut } = await signedIn();
    await client[name]();
    expect([await client.session.isActive(), onSignedOut.mock.calls.length]).toEqual([false, 1]);
  });

  it('is of one API: another base URL does not get its tokens', async () => {
    const storage = browserStorage({ store: new FakeStore(), locks: undefined });
    const { api } = await signedIn({}, { storage });
    const other = createClient({ baseUrl: 'https://evil.example', fetch: api.fetch, storage });
    expect(await other.session.accessToken()).toBeUndefined();
    await expect(other.getProfile()).rejects.toMatchObject({ code: 'not_authenticated' });
    expect(api.sent.at(-1)?.token).toBeUndefined();
  });
});

/** What captive portals and proxies answer in place of the API. */
const strangers: readonly (readonly [string, () => Response])[] = [
  ['an empty body', () => new Response('', { headers: { 'Content-Type': 'text/html' } })],
  ['no content', () => new Response(null, { status: 204 })],
  ...[null, 0, 'ok', [], {}, { login_url: 'http://portal.example' }, { error: 'invalid_refresh_token' }].map(
    (body) => [JSON.stringify(body), () => json(body)] as const,
  ),
  ['tokens that are no text', () => json({ access_token: 1, refresh_token: null, expires_in: 1800 })],
  ['tokens that are empty', () => json({ access_token: '', refresh_token: '', expires_in: 1800 })],
  ['tokens without a lifetime', () => json({ access_token: 'a', refresh_token: 'r', expires_in: 'x' })],
];

describe('an answer without a grant', () => {
  it.each(strangers)('to a refresh keeps the tokens and is an error: %s', async (_, answer) => {
    const { api, client, onSignedOut } = await signedIn();
    api.duringRefresh(async () => answer());
    await expect(client.session.refresh()).rejects.toMatchObject({ code: 'unexpected_response' });
    api.duringRefresh(async () => undefined);
    expect([await client.session.refresh(), await client.session.accessToken()]).toEqual([true, 'access-2']);
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it.each(strangers)('to each operation that returns one is an error: %s', async (_, answer) => {
    const client = createClient({ baseUrl, fetch: async () => answer() });
    await client.session.adopt({ access_token: 'a', refresh_token: 'r', expires_in: 60 });
    const unexpected = { code: 'unexpected_response', status: answer().status };
    await expect(client.login(ada)).rejects.toMatchObject(unexpected);
    await expect(client.issueTokens({ username: ada.email, password: ada.password })).rejects.toMatchObject(unexpected);
    await expect(client.refresh({ refresh_token: 'r' })).rejects.toMatchObject(unexpected);
    const passwords = { current_password: ada.password, new_password: 'newSecret456' };
    await expect(client.changePassword(passwords)).rejects.toMatchObject(unexpected);
    expect(await client.session.accessToken()).toBe('a');
  });

  it('is not adopted', async () => {
    const { client } = await signedIn();
    await expect(client.session.adopt({} as never)).rejects.toThrow('A grant has an access_token');
    expect(await client.session.accessToken()).toBe('access-1');
  });
});

describe('two tabs', () => {
  it('share one session and one refresh, whether they refresh early or after a refusal', async () => {
    const { api, first, second } = await twoTabs();
    passSeconds(1790);
    expect(await Promise.all([first.getProfile(), second.getProfile()])).toEqual([
      { id: 1, token: 'access-2' },
      { id: 1, token: 'access-2' },
    ]);
    expect(api.refreshes()).toBe(1);
    api.expireAccess();
    await Promise.all([first.getProfile(), second.getProfile()]);
    expect(api.refreshes()).toBe(2);
  });

  it('get the same tokens without locks, since the server accepts the previous token for a while', async () => {
    const { api, first, second, onSignedOut } = await twoTabs({ hasLocks: false });
    passSeconds(1790);
    let goOn = () => {};
    const bothRefresh = new Promise<void>((resolve) => (goOn = resolve));
    api.duringRefresh(async () => {
      if (api.refreshes() === 2) goOn();
      await bothRefresh;
      return undefined;
    });
    const read = await Promise.all([first.getProfile(), second.getProfile()]);
    expect(read).toEqual([
      { id: 1, token: 'access-2' },
      { id: 1, token: 'access-2' },
    ]);
    expect([api.refreshes(), onSignedOut.mock.calls.length]).toEqual([2, 0]);
  });

  it('are both told of a logout', async () => {
    const { first, second, onSignedOut } = await twoTabs();
    await second.getProfile();
    await first.logout();
    expect(onSignedOut).toHaveBeenCalledTimes(1);
    await expect(second.getProfile()).rejects.toMatchObject({ code: 'not_authenticated' });
    expect(onSignedOut).toHaveBeenCalledTimes(2);
  });
});
