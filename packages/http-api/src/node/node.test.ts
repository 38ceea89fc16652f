import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { koaGuard } from '@sallyport/adapters-http-koa';
import type { Roles } from '@sallyport/core';
import Koa from 'koa';
import { afterEach, describe, expect, it } from 'vitest';
import { admin, member, noAddresses, testApi } from '../../test/api.ts';
import type { HttpApi } from '../index.ts';
import { memberOf, nodeGuard, nodeListener } from './index.ts';

let server: Server | undefined;
afterEach(() => server?.close());

async function listen(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

describe('the listener', () => {
  it('is a server of its own, which answers 404 to other paths', async () => {
    const url = await listen(nodeListener(testApi().api));
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const unknown = await fetch(`${url}/hello`);
    expect([unknown.status, unknown.headers.get('Content-Type')]).toEqual([404, 'application/problem+json']);
  });

  it('passes on what is outside of its mount or not its own, untouched', async () => {
    const api = nodeListener(testApi().api, { mountPath: '/accounts/' });
    const url = await listen((request, response) =>
      api(request, response, () => response.end(`host: ${request.url} ${response.getHeaderNames().length}`)),
    );
    expect(await (await fetch(`${url}/accounts/health/live`)).json()).toEqual({ status: 'live' });
    for (const path of ['/health/live', '/accountsx/health/live', '/accounts/hello', '/accounts//health/live', '/']) {
      expect(await (await fetch(url + path)).text()).toBe(`host: ${path} 0`);
    }
    expect((await fetch(`${url}/accounts`, { redirect: 'manual' })).headers.get('Location')).toBe('/docs');
  });

  it.each(['accounts', '//', '/a//', '/a//b', '/a?b', '/a#b', '/a b', '/ä'])(
    'rejects %s as the path of the mount, since no path of a request begins with it',
    (mountPath) => {
      const sentence = 'The option mountPath must be a path like /accounts';
      expect(() => nodeListener(testApi().api, { mountPath })).toThrow(sentence);
    },
  );

  it.each<[object, string]>([
    [{ mountpath: '/a' }, 'mountpath does not exist: there are trustedProxies, clientAddress, requestId, mountPath'],
    [{ mountPath: null }, 'mountPath must be a text'],
    [{ trustedProxies: '10.0.0.0/8' }, 'trustedProxies must be a list of texts'],
    [{ clientAddress: '192.0.2.1' }, 'clientAddress must be a function'],
    [{ requestId: 'x' }, 'requestId must be a function'],
  ])('rejects %j of a host without a compiler', (mount, sentence) => {
    expect(() => nodeListener(testApi().api, mount)).toThrow(`The option ${sentence}`);
  });

  it.each(noAddresses)(
    'closes the connection of a client whose address is %s, unless the request is the host’s',
    async (_, clientAddress) => {
      const api = nodeListener(testApi().api, { clientAddress });
      const url = await listen((request, response) => api(request, response, () => response.end('host')));
      await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
      expect(await (await fetch(`${url}/hello`)).text()).toBe('host');
    },
  );

  it('takes the address from X-Forwarded-For of trusted proxies', async () => {
    const tested = testApi();
    const { token, email, password } = await member(tested);
    const url = await listen(nodeListener(tested.api, { trustedProxies: ['127.0.0.1'] }));
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    await post(`${url}/auth/login`, JSON.stringify({ email, password }), headers);
    const sessions = await fetch(`${url}/users/me/sessions`, { headers: { authorization: `Bearer ${token}` } });
    expect((await sessions.json()).map(({ ip }: { ip: string }) => ip)).toContain('203.0.113.7');
  });

  it('gives each request an id, which the host may choose', async () => {
    const url = await listen(nodeListener(testApi().api, { requestId: () => 'id of the host' }));
    const { headers } = await fetch(`${url}/health/live`, { headers: { 'x-request-id': 'forged' } });
    expect(headers.get('X-Request-Id')).toBe('id of the host');
  });

  it('reads the body that the host has parsed and left', async () => {
    const tested = testApi();
    const { email, password } = await member(tested);
    const api = nodeListener(tested.api);
    const url = await listen((request, response) => {
      void json(request).then((body) => api(Object.assign(request, { body }), response));
    });
    expect((await post(`${url}/auth/login`, JSON.stringify({ email, password }))).status).toBe(200);
  });

  it('reads the body itself where a parser of the host has left a placeholder', async () => {
    const tested = testApi();
    const { email, password } = await member(tested);
    const api = nodeListener(tested.api);
    const url = await listen((request, response) => api(Object.assign(request, { body: {} }), response));
    expect((await post(`${url}/auth/login`, JSON.stringify({ email, password }))).status).toBe(200);
  });

  it('says that the host has read the body without leaving it', async () => {
    const { api, errors } = testApi();
    const listener = nodeListener(api);
    const url = await listen((request, response) => {
      void json(request).then(() => listener(request, response));
    });
    const response = await post(`${url}/auth/login`, '{}');
    const detail = expect.stringMatching(/^The host read the body before this API and did not leave it: /);
    expect([response.status, await response.json()]).toEqual([500, expect.objectContaining({ detail })]);
    expect(errors).toMatchObject([{ code: 'internal_error' }]);
  });

  it('sends nothing where the host has answered in the meantime, as on a timeout', async () => {
    let isSent: Promise<unknown> = Promise.resolve();
    const { api } = testApi({ ready: () => Promise.resolve(isSent).then(() => {}) });
    const listener = nodeListener(api);
    const url = await listen((request, response) => {
      isSent = once(response, 'finish');
      listener(request, response);
      response.writeHead(504).end('host');
    });
    const response = await fetch(`${url}/health/ready`);
    expect([response.status, await response.text()]).toEqual([504, 'host']);
  });

  it('takes an empty body that the host has read for an empty body', async () => {
    const listener = nodeListener(testApi().api);
    const url = await listen((request, response) => {
      request.resume().once('end', () => listener(request, response));
    });
    expect((await post(`${url}/auth/login`, '')).status).toBe(400);
    const headers = { 'content-type': '' };
    expect((await fetch(`${url}/auth/login`, { method: 'POST', headers })).status).toBe(422);
  });
});

describe('the guard', () => {
  it('rejects options of a host without a compiler', () => {
    expect(() => nodeGuard(testApi().api, { clientIp: () => '192.0.2.1' } as object)).toThrow(
      'The option clientIp does not exist: there are trustedProxies, clientAddress, requestId',
    );
  });

  it('passes on members as middleware, and refuses others', async () => {
    const tested = testApi();
    const [{ token, id }, root] = [await member(tested), await admin(tested)];
    const guard = nodeGuard(tested.api).require('admin');
    const url = await listen((request, response) =>
      guard(request, response, () => response.end(String(memberOf(request).user.id))),
    );
    const ask = (bearer?: string) =>
      fetch(url, { headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` } });
    expect(await (await ask(root.token)).text()).not.toBe(String(id));
    expect((await ask(token)).status).toBe(403);
    const anonymous = await ask();
    expect([anonymous.status, anonymous.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer']);
    expect(anonymous.headers.has('Content-Security-Policy')).toBe(false);
  });

  it.each([
    ['of Node', (api: HttpApi, who: Roles) => nodeGuard(api).require(who)],
    [
      'of Koa',
      (api: HttpApi, who: Roles) => {
        const handle = new Koa()
          .use(koaGuard(api)(who))
          .use((ctx) => void (ctx.status = 204))
          .callback();
        return (request: IncomingMessage, response: ServerResponse) => void handle(request, response);
      },
    ],
  ])('%s admits the roles that it was made with, whatever becomes of their object', async (_, guardBy) => {
    const tested = testApi();
    const { token } = await member(tested);
    const who = { roles: ['admin'] as [string] };
    const guard = guardBy(tested.api, who);
    const url = await listen((request, response) => guard(request, response, () => response.end()));
    who.roles[0] = 'user';
    expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(403);
    who.roles = ['user'];
    expect((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status).toBe(403);
  });

  it.each(noAddresses)('closes the connection of a client whose address is %s', async (_, clientAddress) => {
    const guard = nodeGuard(testApi().api, { clientAddress }).require('member');
    const url = await listen((request, response) => guard(request, response, () => response.end()));
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  it('has no member for a request that it did not pass on', async () => {
    const url = await listen((request, response) => {
      try {
        memberOf(request);
      } catch (error) {
        response.end((error as Error).message);
      }
    });
    expect(await (await fetch(url)).text()).toBe('No guard has passed this request on');
  });
});
