import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { member, type Person, startServer, type TestServer } from './start-server.ts';

const site = 'https://example.test';

describe.each(['/accounts', '/~ada/(a):b*c'])('a server behind a proxy that takes %s off', (basePath) => {
  const issuer = site + basePath;
  let server: TestServer;
  let ada: Person;
  beforeAll(async () => {
    server = await startServer('memory', { environment: { PUBLIC_URL: issuer } });
    ada = await member(server, 'Ada');
  });
  afterAll(() => server.close());

  /** What the proxy does: whatever is below the path goes on without it, and so does what is well known. */
  const arrive = (url: string | URL, init: object = {}) => {
    const { origin, pathname, search } = new URL(url);
    expect(origin).toBe(site);
    const isBelow = pathname.startsWith(`${basePath}/`);
    expect(isBelow || pathname.startsWith('/.well-known/')).toBe(true);
    return fetch(server.url + (isBelow ? pathname.slice(basePath.length) : pathname) + search, init);
  };
  const asAda = () => ({ headers: { authorization: `Bearer ${ada.token}` } });

  it('is found by OAuth clients, which ask for its path behind what is well known', async () => {
    const options = { [oauth.customFetch]: arrive, algorithm: 'oauth2' as const };
    const found = await oauth.discoveryRequest(new URL(issuer), options);
    const as = await oauth.processDiscoveryResponse(new URL(issuer), found);
    expect(as.token_endpoint).toBe(`${issuer}/auth/token`);
    const answer = await oauth.genericTokenEndpointRequest(
      as,
      { client_id: 'some client' },
      oauth.None(),
      'password',
      { username: ada.email, password: ada.password },
      options,
    );
    expect(answer.status).toBe(200);
    expect((await arrive(as.jwks_uri ?? '')).status).toBe(200);
    expect((await arrive(as['service_documentation'] as string)).status).toBe(200);
  });

  it('tells the same below its path', async () => {
    const [well, below] = await Promise.all(
      [
        `${site}/.well-known/oauth-authorization-server${basePath}`,
        `${issuer}/.well-known/oauth-authorization-server`,
      ].map(async (url) => (await arrive(url)).json()),
    );
    expect(well).toEqual(below);
  });

  it('says in its OpenAPI document where its routes are', async () => {
    const url = `${issuer}/openapi.json`;
    const { servers, components } = await (await arrive(url)).json();
    const { tokenUrl } = components.securitySchemes.password.flows.password;
    expect((await arrive(new URL(`${servers[0].url}/users/me`, url), asAda())).status).toBe(200);
    const body = new URLSearchParams({ username: ada.email, password: ada.password });
    expect((await arrive(new URL(tokenUrl, url), { method: 'POST', body })).status).toBe(200);
  });

  it('has a docs page and pages for links whose parts can be found', async () => {
    const parts = async (url: string) =>
      [...(await (await arrive(url)).text()).matchAll(/(?:src|href|action)="([^"]+)"/g)].map(
        ([, part]) => new URL(part ?? '', url),
      );
    const ofDocs = await parts(`${issuer}/docs`);
    expect(ofDocs.length).toBeGreaterThan(3);
    for (const part of ofDocs) expect((await arrive(part)).status).toBe(200);
    const script = await (await arrive(`${issuer}/docs/start.js`)).text();
    const [, document = ''] = /url: '([^']+)'/.exec(script) ?? [];
    expect((await arrive(new URL(document, `${issuer}/docs`))).status).toBe(200);
    const called = [...script.matchAll(/fetch\('([^']+)'/g)].map(([, path]) => path ?? '');
    expect(called).toEqual(['auth/token', 'auth/logout']);
    for (const path of called) {
      expect((await arrive(new URL(path, `${issuer}/docs`), { method: 'OPTIONS' })).headers.get('Allow')).toBe('POST');
    }
    expect((await parts(`${issuer}/reset-password?token=x`)).map(String)).toEqual([`${issuer}/reset-password`]);
  });

  it('links to the next page', async () => {
    await member(server);
    const url = `${issuer}/users?limit=1`;
    const first = await arrive(url, asAda());
    const [, link = ''] = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('Link') ?? '') ?? [];
    const [other] = await (await arrive(new URL(link, url), asAda())).json();
    expect(other.id).toBeGreaterThan(ada.id);
  });
});

describe('a server at the root', () => {
  it('has no metadata for a path', async () => {
    const server = await startServer('memory', { environment: { PUBLIC_URL: `${site}/` } });
    expect((await server.request('GET /.well-known/oauth-authorization-server')).body.issuer).toBe(site);
    expect((await server.request('GET /.well-known/oauth-authorization-server/accounts')).status).toBe(404);
    expect((await server.request('GET /openapi.json')).body.servers).toMatchObject([{ url: '/' }]);
    await server.close();
  });
});
