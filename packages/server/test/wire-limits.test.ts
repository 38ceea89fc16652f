import { ManualClock } from '@sallyport/adapters-memory/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  basePath,
  member,
  type RequestOptions,
  startServer,
  storeOfEachAdapter,
  type TestServer,
} from './start-server.ts';

const on = { RATE_LIMITS: 'on', TRUST_PROXY: '127.0.0.1' };

/** As if it came from there: the test's own address is a proxy that is trusted. */
const from = (ip: string) => ({ 'x-forwarded-for': ip });

let lastAddress = 0;

/** An unused address. */
function unusedAddress(): string {
  lastAddress += 1;
  return `203.0.${Math.trunc(lastAddress / 250)}.${lastAddress % 250}`;
}

const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);

describe.each(storeOfEachAdapter)('limits on %s', (store) => {
  const clock = new ManualClock();
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(store, { environment: on, clock });
  });
  afterAll(() => server.close());
  // Each test has windows of its own.
  beforeEach(() => clock.advance(3600));

  /** The answers to requests that are sent one after the other. */
  async function inTurn(requests: readonly [methodAndPath: string, options: RequestOptions][]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const [methodAndPath, options] of requests) answers.push(await server.request(methodAndPath, options));
    return answers;
  }

  it('refuse the sixth login within a minute, and say when to come back', async () => {
    const { email } = await member(server);
    const ip = unusedAddress();
    const wrong = { json: { email, password: 'wrong-1' }, headers: from(ip) };
    const answers = await inTurn(Array.from({ length: 5 }, () => ['POST /auth/login', wrong]));
    expect(statuses(answers)).toEqual([401, 401, 401, 401, 401]);
    clock.advance(15);
    const { status, headers, body } = await server.request('POST /auth/login', {
      json: { email, password: 'secret123' },
      headers: from(ip),
    });
    expect([status, headers.get('content-type')]).toEqual([429, 'application/problem+json']);
    expect(body).toEqual({
      type: 'urn:sallyport:problem:rate_limited',
      title: 'Too many requests',
      status: 429,
      detail: 'Too many attempts, try again later',
      instance: headers.get('x-request-id'),
    });
    const told = ['retry-after', 'ratelimit-policy', 'ratelimit', 'ratelimit-limit', 'ratelimit-remaining'];
    expect(told.map((name) => headers.get(name))).toEqual(['45', '"default";q=5;w=60', '"default";r=0;t=45', '5', '0']);
    expect(headers.get('cache-control')).toBe('no-store');
    clock.advance(45);
    const again = await server.request('POST /auth/login', {
      json: { email, password: 'secret123' },
      headers: from(ip),
    });
    expect(again.status).toBe(200);
  });

  it('are the same by form, in any case, between spaces (CVE-2026-9798, CVE-2025-64526)', async () => {
    const { email } = await member(server);
    const headers = from(unusedAddress());
    const password = 'wrong-1';
    const answers = await inTurn([
      ['POST /auth/login', { json: { email, password }, headers }],
      ['POST /auth/login', { json: { email: email.toUpperCase(), password, role: 'admin' }, headers }],
      ['POST /auth/login', { json: { email: `  ${email}\n`, password }, headers }],
      ['POST /auth/token', { form: { username: email, password }, headers }],
      ['POST /auth/token', { form: { username: email, password, grant_type: 'password' }, headers }],
      ['POST /auth/login?a=1', { json: { email, password }, headers }],
      ['POST /auth/token', { form: { username: ` ${email.toUpperCase()}`, password: 'secret123' }, headers }],
    ]);
    expect(statuses(answers)).toEqual([401, 401, 401, 401, 401, 429, 429]);
    const refused = answers.at(-1);
    expect(refused?.body).toEqual({
      error: 'temporarily_unavailable',
      error_description: 'Too many attempts, try again later',
      detail: 'Too many attempts, try again later',
    });
    expect(refused?.headers.get('retry-after')).toBe('60');
    expect(refused?.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(refused?.headers.get('www-authenticate')).toBeNull();
  });

  it('are escaped by no other spelling of the path (GHSA-x732-6j76-qmhm)', async () => {
    const { email } = await member(server);
    const wrong = { json: { email, password: 'wrong-1' }, headers: from(unusedAddress()) };
    await inTurn(Array.from({ length: 5 }, () => ['POST /auth/login', wrong]));
    const spellings = ['/auth/login/', '//auth/login', '/auth//login', '/AUTH/login', '/auth/%6Cogin'];
    const others = ['/auth/login%2f', '/auth/login%00', '/auth/./login', '/auth/x/../login', '/auth/login;a=b'];
    for (const path of [...spellings, ...others, '/auth/login.json']) {
      expect([path, await postRaw(path, wrong)]).toEqual([path, 404]);
    }
    for (const path of ['/auth/login', '/auth/login?', '/auth/login?a=/auth/refresh']) {
      expect([path, await postRaw(path, wrong)]).toEqual([path, 429]);
    }
  });

  it('are escaped by no host in front of the path', async () => {
    const { email } = await member(server);
    const wrong = { json: { email, password: 'wrong-1' }, headers: from(unusedAddress()) };
    await inTurn(Array.from({ length: 5 }, () => ['POST /auth/login', wrong]));
    expect(await postRaw('/auth/login', wrong, 'http://a')).toBe(429);
  });

  /** The status of a request to a path as it stands: a client would tidy it up. */
  function postRaw(path: string, { json, headers }: RequestOptions, before = ''): Promise<number> {
    const body = JSON.stringify(json);
    const fields = { ...headers, 'Content-Type': 'application/json' };
    return server.statusOf(`POST ${before}${basePath}${path}`, { headers: Object.entries(fields).flat(), body });
  }

  it('know an address behind whatever a client says in front of it, and however it spells it', async () => {
    const { email } = await member(server);
    const forged = [
      '1.1.1.1, 2001:db8:1:2::1',
      '2.2.2.2,2001:DB8:1:2:0:0:0:2',
      '2001:0db8:1:2:ffff::',
      'x, 2001:db8:1:2::9',
    ];
    const mapped = ['::ffff:198.51.100.9', '9.9.9.9, 198.51.100.9'];
    const attempt = (forwardedFor: string): [string, RequestOptions] => [
      'POST /auth/login',
      { json: { email, password: 'wrong-1' }, headers: from(forwardedFor) },
    ];
    const sixth = await inTurn([...forged, ...forged].slice(0, 6).map(attempt));
    expect(statuses(sixth)).toEqual([401, 401, 401, 401, 401, 429]);
    const unmapped = await inTurn([...mapped, ...mapped, ...mapped].map(attempt));
    expect(statuses(unmapped)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('count as many as come at once', async () => {
    const { email } = await member(server);
    const headers = from(unusedAddress());
    const attempts = Array.from({ length: 20 }, () =>
      server.request('POST /auth/login', { json: { email, password: 'wrong-1' }, headers }),
    );
    const answers = statuses(await Promise.all(attempts));
    expect([401, 429].map((wanted) => answers.filter((status) => status === wanted).length)).toEqual([5, 15]);
  });

  it('answer forgot-password the same for every address, used up or not', async () => {
    const { email } = await member(server);
    const ask = (address: string): Promise<Answer[]> => {
      const headers = from(unusedAddress());
      return inTurn(
        Array.from({ length: 6 }, () => ['POST /auth/forgot-password', { json: { email: address }, headers }]),
      );
    };
    const [known, unknown] = [await ask(email), await ask('nobody@example.com')];
    expect(statuses(known)).toEqual([200, 200, 200, 200, 200, 429]);
    const visible = (answers: readonly Answer[]) =>
      answers.map(({ status, body, headers }) => [
        status,
        { ...body, instance: undefined },
        [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date'),
      ]);
    expect(visible(unknown)).toEqual(visible(known));
  });

  it.each<[string, number, (time: number) => RequestOptions]>([
    [
      'POST /auth/register',
      50,
      (n) => ({ json: { name: 'Ada', email: `r${n}-${lastAddress}@example.com`, password: 'secret123', age: 36 } }),
    ],
    ['POST /auth/refresh', 600, () => ({ json: { refresh_token: 'none' } })],
    ['POST /auth/token', 50, (n) => ({ form: { username: `u${n}@example.com`, password: 'wrong-1' } })],
    ['POST /auth/reset-password', 50, () => ({ json: { token: 'none', new_password: 'newSecret456' } })],
    ['POST /auth/verify-email', 50, () => ({ json: { token: 'none' } })],
  ])('of %s let %i of an address in, and others still', async (route, attempts, options) => {
    const headers = from(unusedAddress());
    const answers = await inTurn(Array.from({ length: attempts + 1 }, (_, n) => [route, { ...options(n), headers }]));
    expect(statuses(answers).map((status) => status === 429)).toEqual([
      ...Array.from({ length: attempts }, () => false),
      true,
    ]);
    const other = await server.request(route, { ...options(attempts + 1), headers: from(unusedAddress()) });
    expect(other.status).not.toBe(429);
  });

  it('of links hold for their pages too', async () => {
    const headers = from(unusedAddress());
    const answers = await inTurn(
      Array.from({ length: 51 }, () => ['POST /verify-email', { form: { token: 'none' }, headers }]),
    );
    expect(statuses(answers).at(-2)).toBe(400);
    expect(answers.at(-1)?.status).toBe(429);
    expect(answers.at(-1)?.headers.get('retry-after')).toBe('3600');
  });
});

describe('limits where no proxy is trusted', () => {
  it('hold for the peer, whatever it forges', async () => {
    const server = await startServer('memory', { environment: { RATE_LIMITS: 'on' } });
    const { email } = await member(server);
    const answers: Answer[] = [];
    for (let n = 0; n < 6; n += 1) {
      const headers = {
        'X-Forwarded-For': `203.0.113.${n}`,
        'X-Real-IP': `203.0.113.${n}`,
        Forwarded: `for=203.0.113.${n}`,
      };
      answers.push(await server.request('POST /auth/login', { json: { email, password: 'wrong-1' }, headers }));
    }
    expect(statuses(answers)).toEqual([401, 401, 401, 401, 401, 429]);
    await server.close();
  });
});

describe('limits that are off', () => {
  it('admit every attempt', async () => {
    const server = await startServer('memory', { environment: { RATE_LIMITS: 'off' } });
    const { email } = await member(server);
    const attempts = Array.from({ length: 20 }, () =>
      server.request('POST /auth/login', { json: { email, password: 'wrong-1' } }),
    );
    expect(new Set(statuses(await Promise.all(attempts)))).toEqual(new Set([401]));
    await server.close();
  });
});

describe('LOGIN_RATE_LIMIT', () => {
  it('says how often an account may be tried from one address', async () => {
    const server = await startServer('memory', { environment: { RATE_LIMITS: 'on', LOGIN_RATE_LIMIT: '2/hour' } });
    const { email } = await member(server);
    const attempt = () => server.request('POST /auth/login', { json: { email, password: 'wrong-1' } });
    const answers = [await attempt(), await attempt(), await attempt()];
    expect(statuses(answers)).toEqual([401, 401, 429]);
    expect(answers[2]?.headers.get('ratelimit-policy')).toBe('"default";q=2;w=3600');
    await server.close();
  });
});
