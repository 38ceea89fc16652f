import { describe, expect, it } from 'vitest';
import { member, noAddresses, testApi } from '../../test/api.ts';
import { fetchGuard, fetchHandler } from './index.ts';

const clientAddress = () => '192.0.2.1';
const at = (path: string, init: RequestInit = {}) => new Request(`https://host.example${path}`, init);
const json = (body: string | ReadableStream): RequestInit & { duplex: 'half' } => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
  duplex: 'half',
});

/** A body that never ends, and how much of it was read. */
function endless() {
  let sent = 0;
  let isCancelled = false;
  const stream = new ReadableStream({
    pull: (controller) => {
      sent += 65_536;
      controller.enqueue(new Uint8Array(65_536));
    },
    cancel: () => void (isCancelled = true),
  });
  return { stream, read: () => [sent, isCancelled] };
}

describe('the handler', () => {
  it('answers requests of the API, and leaves all others to the host', async () => {
    const handle = fetchHandler(testApi().api, { clientAddress, mountPath: '/accounts' });
    const live = await handle(at('/accounts/health/live'));
    expect([live?.status, await live?.json()]).toEqual([200, { status: 'live' }]);
    for (const path of ['/health/live', '/accounts/hello', '/accountsx/health/live']) {
      expect(await handle(at(path))).toBeUndefined();
    }
  });

  it('answers HEAD and statuses without a body', async () => {
    const tested = testApi();
    const { token } = await member(tested);
    const handle = fetchHandler(tested.api, { clientAddress });
    const head = await handle(at('/docs', { method: 'HEAD' }));
    expect([head?.status, head?.body, Number(head?.headers.get('Content-Length')) > 0]).toEqual([200, null, true]);
    const logout = at('/auth/logout', { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    const left = await handle(logout);
    expect([left?.status, left?.body]).toEqual([204, null]);
  });

  it('reads a body up to the limit, and no further', async () => {
    const tested = testApi();
    const { email, password } = await member(tested);
    const handle = fetchHandler(tested.api, { clientAddress });
    const credentials = JSON.stringify({ email, password });
    expect((await handle(at('/auth/login', json(credentials.padEnd(1_048_576)))))?.status).toBe(200);
    expect((await handle(at('/auth/login', json(credentials.padEnd(1_048_577)))))?.status).toBe(413);
    const { stream, read } = endless();
    expect((await handle(at('/auth/login', json(stream))))?.status).toBe(413);
    expect(read()).toEqual([expect.any(Number), true]);
    expect(read()[0]).toBeLessThan(2_000_000);
  });

  it('refuses a body that breaks off', async () => {
    const handle = fetchHandler(testApi().api, { clientAddress });
    const stream = new ReadableStream({ start: (controller) => controller.error(new Error('gone')) });
    expect((await handle(at('/auth/login', json(stream))))?.status).toBe(400);
  });

  it('reads the body that the host has parsed, and says so where the host has left none', async () => {
    const tested = testApi();
    const { email, password } = await member(tested);
    const request = at('/auth/login', json(JSON.stringify({ email, password })));
    const body: unknown = await request.json();
    const parsing = fetchHandler<{ body: unknown }>(tested.api, {
      clientAddress,
      parsedBody: (_, context) => context.body,
    });
    expect((await parsing(request, { body }))?.status).toBe(200);
    const refused = await fetchHandler(tested.api, { clientAddress })(request);
    const detail = expect.stringMatching(/^The host read the body before this API and did not leave it: /);
    expect([refused?.status, await refused?.json()]).toEqual([500, expect.objectContaining({ detail })]);
  });

  it('hands on what the host passes with a request', async () => {
    const tested = testApi();
    const { token, email, password } = await member(tested);
    const handle = fetchHandler<{ ip: string }>(tested.api, {
      clientAddress: (_, { ip }) => ip,
      requestId: (_, { ip }) => `from ${ip}`,
    });
    const login = await handle(at('/auth/login', json(JSON.stringify({ email, password }))), { ip: '203.0.113.7' });
    expect(login?.headers.get('X-Request-Id')).toBe('from 203.0.113.7');
    const headers = { authorization: `Bearer ${token}` };
    const sessions = await handle(at('/users/me/sessions', { headers }), { ip: '203.0.113.8' });
    expect(await sessions?.text()).toContain('"ip":"203.0.113.7"');
  });

  it.each(noAddresses)('does not serve a client whose address is %s', async (_, clientAddress) => {
    const handle = fetchHandler(testApi().api, { clientAddress });
    await expect(handle(at('/health/live'))).rejects.toThrow('The client has no address');
    expect(await handle(at('/hello'))).toBeUndefined();
  });
});

describe('the options of a host without a compiler', () => {
  it.each<[object, string]>([
    [{}, 'clientAddress is missing'],
    [{ clientAddress: '192.0.2.1' }, 'clientAddress must be a function'],
    [{ clientAddress, mountPath: 5 }, 'mountPath must be a text'],
    [{ clientAddress, mountPath: '/a?b' }, 'mountPath must be a path like /accounts'],
    [{ clientAddress, parsedBody: {} }, 'parsedBody must be a function'],
    [{ clientAddress, base: '/a' }, 'base does not exist: there are clientAddress, requestId, mountPath, parsedBody'],
  ])('are rejected: %o', (mount, sentence) => {
    expect(() => fetchHandler(testApi().api, mount as never)).toThrow(`The option ${sentence}`);
  });

  it('are rejected by the guard', () => {
    expect(() => fetchGuard(testApi().api, {} as never)).toThrow('The option clientAddress is missing');
  });
});

describe('the guard', () => {
  it('resolves with the genuine member, or with the response that refuses the caller', async () => {
    const tested = testApi();
    const { token, id } = await member(tested);
    const guard = fetchGuard(tested.api, { clientAddress });
    const admitted = await guard(at('/reports', { headers: { authorization: `Bearer ${token}` } }), 'member');
    if (admitted instanceof Response) throw new Error('Refused');
    expect(await tested.application.getProfile.execute(admitted)).toMatchObject({ id });
    const refused = await guard(at('/reports'), 'member');
    if (!(refused instanceof Response)) throw new Error('Admitted');
    expect([refused.status, refused.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
  });

  it.each(noAddresses)('does not serve a client whose address is %s', async (_, clientAddress) => {
    const guard = fetchGuard(testApi().api, { clientAddress });
    await expect(guard(at('/reports'), 'member')).rejects.toThrow('The client has no address');
  });
});
