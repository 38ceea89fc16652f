import { describe, expect, it } from 'vitest';
import { apiRequest, testApi } from '../../test/api.ts';

const page = 'capacitor://localhost';
const { api } = testApi({ corsOrigins: [page] });

/** The headers of an answer that speak of other origins. */
async function corsOf(methodAndPath: string, headers: Record<string, string> = {}) {
  const answer = await api.answer(apiRequest(methodAndPath, { headers }));
  return Object.fromEntries(Object.entries(answer.headers).filter(([name]) => /^(Access-Control-|Vary)/.test(name)));
}

describe('the answer to a page of another origin', () => {
  it('says what a listed origin may do, before and after', async () => {
    const expose =
      'Link,Retry-After,RateLimit-Policy,RateLimit,RateLimit-Limit,RateLimit-Remaining,RateLimit-Reset,WWW-Authenticate,X-Request-Id';
    expect(await corsOf('GET /posts', { origin: page })).toEqual({
      Vary: 'Origin',
      'Access-Control-Allow-Origin': page,
      'Access-Control-Expose-Headers': expose,
    });
    const asked = {
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'x-app, AUTHORIZATION,',
    };
    expect(await corsOf('OPTIONS /users/me', { origin: page, ...asked })).toEqual({
      Vary: 'Origin',
      'Access-Control-Allow-Origin': page,
      'Access-Control-Allow-Methods': 'GET,HEAD,POST,PATCH,DELETE',
      'Access-Control-Allow-Headers': 'Authorization,Content-Type,x-app',
      'Access-Control-Max-Age': '600',
    });
  });

  it('is no permission for another origin, for none, and for OPTIONS that is no preflight', async () => {
    const preflight = { 'access-control-request-method': 'PATCH' };
    expect(await corsOf('GET /posts', { origin: 'https://evil.example' })).toEqual({ Vary: 'Origin' });
    expect(await corsOf('OPTIONS /posts', { origin: 'null', ...preflight })).toEqual({ Vary: 'Origin' });
    expect(await corsOf('GET /posts')).toEqual({ Vary: 'Origin' });
    expect(await corsOf('OPTIONS /posts', { origin: page })).toEqual({ Vary: 'Origin' });
  });

  it.each([
    ['capacitor://localhost', 'capacitor://localhost'],
    ['Capacitor://LocalHost', 'capacitor://localhost'],
    ['tauri://localhost', 'tauri://localhost'],
    ['http://tauri.localhost', 'http://tauri.localhost'],
    ['ionic://localhost', 'ionic://localhost'],
    ['app://.', 'app://.'],
    ['chrome-extension://gighmmpiobklfepjocnamgkkbiglidom', 'chrome-extension://gighmmpiobklfepjocnamgkkbiglidom'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['HTTPS://App.Example.com:443/', 'https://app.example.com'],
    ['https://app.example.com:8443', 'https://app.example.com:8443'],
  ])('lets the pages of %s in, whose browsers send %s', async (listed, origin) => {
    const { api: own } = testApi({ corsOrigins: ['https://other.example', listed] });
    const answer = await own.answer(apiRequest('GET /posts', { headers: { origin } }));
    expect(answer.headers['Access-Control-Allow-Origin']).toBe(origin);
  });

  it.each([
    'sentry-trace,baggage',
    'traceparent, tracestate',
    'X-Requested-With',
    'x-datadog-trace-id',
    "x!#$%&'*+.^_`|~",
  ])('lets a listed origin send %s, and says so to the preflight', async (names) => {
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': names };
    const headers = await corsOf('OPTIONS /posts', { origin: page, ...asked });
    expect(headers['Access-Control-Allow-Headers']).toBe(`Authorization,Content-Type,${names.replaceAll(' ', '')}`);
  });

  it('repeats nothing to a preflight that is not the name of a header', async () => {
    const asked = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-a,b c,<i>,ü,"",x-d' };
    const headers = await corsOf('OPTIONS /posts', { origin: page, ...asked });
    expect(headers['Access-Control-Allow-Headers']).toBe('Authorization,Content-Type,x-a,x-d');
  });
});
