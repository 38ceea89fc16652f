import { setTimeout as delay } from 'node:timers/promises';
import type { Route } from '@sallyport/http-api';
import { routes } from './server-routes.ts';
import type { CommonPasswords } from '@sallyport/core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parts, ports, replace } from '../src/index.ts';
import { createLog } from '../src/log.ts';
import { acceptedBy, fieldsOf } from './hostile-routes.ts';
import { keepLog } from './kept-log.ts';
import { connectRaw, sendRaw } from './raw-socket.ts';
import { type Person, type TestServer, admin, member, startServer, storeOfEachAdapter } from './start-server.ts';

/** Stands wherever a client may write: none of it belongs into the log. */
const marker = 'Sesame-Marker-1';

/** Belongs into the audit alone. */
const userAgent = 'Sesame-Browser-1';

interface Line {
  readonly msg: string;
  readonly requestId: string;
  readonly userId?: number;
}

describe.each(storeOfEachAdapter)('the log of requests on %s', (store) => {
  let written: string[] = [];
  let isBroken = false;
  let server: TestServer;
  let root: Person;
  let ada: Person;

  const commonPasswords: CommonPasswords = {
    includes: async () => {
      if (isBroken) throw new Error('The list cannot be read');
      return false;
    },
  };
  beforeAll(async () => {
    const log = createLog('debug', {
      write: (line) => {
        written.push(line);
        keepLog(line);
      },
    });
    const overrides = [replace(parts.log, log), replace(ports.commonPasswords, commonPasswords)];
    server = await startServer(store, { overrides });
    root = await admin(server);
    ada = await member(server, 'Ada');
  });
  afterAll(() => server.close());
  afterEach(() => {
    written = [];
    isBroken = false;
  });

  /** The lines that bear this id, once there are so many. */
  const linesOf = (requestId: string | null, count = 1): Promise<Line[]> =>
    vi.waitFor(
      () => {
        const lines = written.filter((text) => text.includes(`"requestId":"${requestId}"`));
        expect(lines).toHaveLength(count);
        return lines.map((text): Line => JSON.parse(text));
      },
      { interval: 2 },
    );

  const line = (fields: object) => ({
    level: 30,
    time: expect.stringMatching(/^[\d-]{10}T[\d:.]{12}Z$/),
    msg: 'request',
    ip: '127.0.0.1',
    durationMs: expect.any(Number),
    ...fields,
  });

  it('has one line for each, in JSON, that names the route and not the path', async () => {
    const answer = await server.request(`GET /users/${root.id}?${marker}`, { token: ada.token });
    const requestId = answer.headers.get('X-Request-Id');
    const [entry] = await linesOf(requestId);
    expect(entry).toEqual(line({ requestId, method: 'GET', route: '/users/{id}', status: 200, userId: ada.id }));
    for (const text of written) expect(text).toMatch(/^\{[^\n]*\}\n$/);
    expect(written.join('')).not.toContain(marker);
  });

  it.each([
    ['GET /posts', { route: '/posts', status: 200 }],
    ['GET /posts/0', { route: '/posts/{id}', status: 422, code: 'validation_failed' }],
    ['GET /users/me', { route: '/users/me', status: 401, code: 'not_authenticated' }],
    ['GET /nowhere', { status: 404, code: 'not_found' }],
    ['PUT /posts', { method: 'PUT', status: 405, code: 'method_not_allowed' }],
    ['GET /health/live', { route: '/health/live', status: 200 }],
    ['GET /docs', { route: '/docs', status: 200 }],
    ['GET /.well-known/jwks.json', { route: '/.well-known/jwks.json', status: 200 }],
    [`GET /reset-password?token=${marker}`, { route: '/reset-password', status: 200 }],
    [`GET /verify-email?token=${marker}`, { route: '/verify-email', status: 200 }],
  ])('has a line for %s, sent by no particular caller', async (methodAndPath, fields) => {
    const { headers } = await server.request(methodAndPath);
    const requestId = headers.get('X-Request-Id');
    expect(await linesOf(requestId)).toEqual([line({ requestId, method: 'GET', ...fields })]);
  });

  it('has two lines for an unexpected error: the error and the request', async () => {
    isBroken = true;
    const json = { name: 'Eve', email: 'eve@example.com', password: marker, age: 36 };
    const { status, headers } = await server.request('POST /auth/register', { json });
    expect(status).toBe(500);
    const requestId = headers.get('X-Request-Id');
    expect(await linesOf(requestId, 2)).toEqual([
      expect.objectContaining({ msg: 'error', err: expect.objectContaining({ message: 'The list cannot be read' }) }),
      line({ requestId, method: 'POST', route: '/auth/register', status: 500, code: 'internal_error' }),
    ]);
    expect(written.join('')).not.toContain(marker);
  });

  it('has a line for what could not be read, without a word of it', async () => {
    for (const bytes of [
      `GET /${marker} HTTP/9\r\n\r\n`,
      `${marker}\r\n\r\n`,
      `CONNECT ${marker}:80 HTTP/1.1\r\nHost: a\r\n\r\n`,
    ]) {
      const { status, body } = await sendRaw(server.url, bytes);
      const requestId = JSON.parse(body).instance;
      expect(await linesOf(requestId)).toEqual([line({ requestId, status, code: expect.any(String), durationMs: 0 })]);
    }
    expect(written.join('')).not.toContain(marker);
  });

  it('has one line for a client that left before its answer, and calls that no error', async () => {
    const body = JSON.stringify({ email: ada.email, password: ada.password });
    const head = 'POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json';
    for (let wait = 0; wait < 20; wait += 1) {
      const { write, reset } = connectRaw(server.url);
      write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`.repeat(3));
      await delay(wait / 4);
      reset();
    }
    await vi.waitFor(() => expect(written.join('')).toContain('"route":"/auth/login"'));
    await delay(100);
    expect(written.filter((text) => !text.includes('"msg":"request"'))).toEqual([]);
  });

  it('has one line for a body that broke off, under the id that was answered', async () => {
    const head = `POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n`;
    const { write, end, closed } = connectRaw(server.url);
    write(`${head}{"password":"${marker}`);
    end();
    const { instance } = JSON.parse((await closed).body);
    expect(await linesOf(instance)).toMatchObject([{ method: 'POST', route: '/auth/login' }]);
    expect(written).toHaveLength(1);
  });

  it.each([
    ['ten kilobytes', 'x'.repeat(10_000)],
    ['quotes', '"}\\n{"msg":"forged"}'],
    ['bytes beyond ASCII', '\x9b31m \xff\x85'],
    ['a tab', 'a\tb'],
    ['ANSI colours', '\x1b[31mred\x1b[0m'],
    ['a line break', 'a\r\n{"msg":"forged"}'],
  ])('stays as it is for a User-Agent of %s', async (_, userAgent) => {
    const body = JSON.stringify({ email: ada.email, password: ada.password });
    const head = ['POST /auth/login HTTP/1.1', 'Host: a', `User-Agent: ${userAgent}`, 'Content-Type: application/json'];
    const tail = [`Content-Length: ${body.length}`, 'Connection: close', '', body];
    const { status, headers } = await sendRaw(server.url, [...head, ...tail].join('\r\n'));
    // Control characters are no header at all.
    // oxlint-disable-next-line no-control-regex
    expect(status).toBe(/[\x1b\r]/.test(userAgent) ? 400 : 200);
    expect(await linesOf(headers.get('X-Request-Id'))).toHaveLength(1);
    expect(written).toEqual([expect.stringMatching(/^\{[\x20-\x7e]{1,400}\}\n$/)]);
    expect(written.join('')).not.toContain('forged');
  });

  it('holds no password, token, hash or body, whichever way a route is called, and nor does the audit', async () => {
    let count = 0;
    const secrets = [marker, 'secret123', 'newSecret456', root.password, ...root.token.split('.').slice(1)];
    secrets.push(root.refreshToken);
    for (const route of routes) {
      const person = await member(server, `Walker${routes.indexOf(route)}`);
      secrets.push(...person.token.split('.').slice(1), person.password, person.refreshToken);
      const right = route.who === 'admin' ? root.token : person.token;
      const bodies = bodiesFor(route);
      const calls = [
        bodies.map((body) => [right, body] as const),
        [undefined, `${person.token}x`, marker].map((token) => [token, bodies[0]] as const),
      ].flat();
      for (const [token, body] of calls) {
        const response = await shoot(route, token, body, person.id);
        count += 1;
        await linesOf(response.headers.get('X-Request-Id'));
        secrets.push(...tokenIn(await response.text()));
      }
    }
    expect(count).toBeGreaterThanOrEqual(routes.length * 4);
    expect(written.join('')).not.toContain(userAgent);
    const told = written.join('') + (await wholeAudit());
    for (const secret of new Set(secrets)) expect(told).not.toContain(secret);
    expect(told).not.toMatch(/plain:\d|eyJ|Bearer |Basic /);
  });

  async function wholeAudit(): Promise<string> {
    const pages: string[] = [];
    for (let next: string | undefined = '/admin/audit?limit=100'; next !== undefined;) {
      const { headers, body } = await server.request(`GET ${next}`, { token: root.token });
      expect(body.length).toBeGreaterThan(0);
      pages.push(JSON.stringify(body));
      next = /<([^>]+)>/.exec(headers.get('Link') ?? '')?.[1];
    }
    expect(pages.join('')).toContain(userAgent);
    return pages.join('');
  }

  function shoot({ method, path, style }: Route, token: string | undefined, body: string | undefined, id: number) {
    return fetch(`${server.url}${path.replace('{id}', String(id))}?search=${marker}&access_token=${marker}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        'content-type': style === 'oauth' ? 'application/x-www-form-urlencoded' : 'application/json',
        'user-agent': userAgent,
        cookie: `session=${marker}`,
        'x-forwarded-for': marker,
        'x-request-id': marker,
      },
      ...(body !== undefined && { body }),
    });
  }
});

/** Bodies that are right, wrong and broken, each with the marker in it. */
function bodiesFor(route: Route): readonly (string | undefined)[] {
  if (route.method === 'GET') return [undefined];
  if (route.style === 'oauth') {
    return [
      `username=ada@example.com&password=secret123&token=${marker}`,
      `grant_type=refresh_token&refresh_token=${marker}`,
      `username=${marker}`,
      `username=ada@example.com&password=${marker}`,
    ];
  }
  const right = acceptedBy(route);
  const wrong = Object.fromEntries(fieldsOf(route).map(({ name }) => [name, [marker]]));
  return [
    JSON.stringify({ ...right, extra: marker }),
    JSON.stringify(wrong),
    JSON.stringify({ ...right, password: marker, current_password: marker }),
    `{"password":"${marker}`,
    `{"__proto__":"${marker}"}`,
    `{"password":"${marker}\ufffd"}`,
  ];
}

/** The parts of the tokens that an answer brought. */
function tokenIn(text: string): readonly string[] {
  const tokens = [...text.matchAll(/"(?:access|refresh)_token":"([^"]+)"/g)];
  return tokens.flatMap(([, token = '']) => [token, token.split('.').at(-1) ?? '']);
}
