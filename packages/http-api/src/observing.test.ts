import { problemTypes } from './index.ts';
import { describe, expect, it } from 'vitest';
import { apiRequest, member, testApi } from '../test/api.ts';
import type { AnsweredRequest } from './index.ts';

/** An API whose observer keeps what it is told. */
function observedApi() {
  const told: AnsweredRequest[] = [];
  return { ...testApi({ onResponse: (answered) => void told.push(answered) }), told };
}

describe('An observer of the API', () => {
  it('is told of each answer, with the route instead of the path', async () => {
    const tested = observedApi();
    const { token } = await member(tested);
    tested.told.length = 0;
    await tested.api.answer(apiRequest('GET /users/1?secret', { token }));
    await tested.api.handle(apiRequest('GET /health/live'));
    expect(tested.told).toEqual([
      { method: 'GET', route: '/users/{id}', status: 200, code: undefined, milliseconds: expect.any(Number) },
      { method: 'GET', route: '/health/live', status: 200, code: undefined, milliseconds: expect.any(Number) },
    ]);
  });

  it.each([
    ['GET /users/me', {}, { route: '/users/me', status: 401, code: 'not_authenticated' }],
    ['GET /nowhere', {}, { route: undefined, status: 404, code: 'not_found' }],
    ['PUT /users', {}, { route: undefined, status: 405, code: 'method_not_allowed' }],
    ['BREW /users', {}, { method: 'BREW', route: undefined, status: 501, code: 'not_implemented' }],
    ['POST /auth/login', { json: {} }, { route: '/auth/login', status: 422, code: 'validation_failed' }],
  ])('is told the code of the refusal of %s', async (methodAndPath, parts, expected) => {
    const { api, told } = observedApi();
    await api.answer(apiRequest(methodAndPath, parts));
    expect(told).toEqual([expect.objectContaining(expected)]);
    expect(problemTypes).toHaveProperty(told[0]?.code ?? '');
  });

  it.each([
    ['username=ada@example.com&password=wrong-secret', 401, 'invalid_credentials'],
    ['grant_type=magic', 400, 'unsupported_grant_type'],
    ['grant_type=refresh_token', 400, 'invalid_request'],
  ])('is told the code of an OAuth refusal of %s', async (form, status, code) => {
    const { api, told } = observedApi();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await api.answer(apiRequest('POST /auth/token', { headers, body: { read: async () => Buffer.from(form) } }));
    expect(told).toMatchObject([{ route: '/auth/token', status, code }]);
  });

  it('is told the code of a refusal that a page shows', async () => {
    const { api, told } = observedApi();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await api.answer(apiRequest('POST /verify-email', { headers, body: { read: async () => Buffer.from('token=x') } }));
    expect(told).toMatchObject([{ route: '/verify-email', status: 400, code: 'invalid_one_time_token' }]);
  });

  it('is not told of requests that are for the host', async () => {
    const { api, told } = observedApi();
    expect(await api.handle(apiRequest('GET /nowhere'))).toBeUndefined();
    expect(told).toEqual([]);
  });

  it('changes no answer by what it rejects', async () => {
    const onResponse: () => unknown = () => Promise.reject(new Error('No room'));
    const { api } = testApi({ onResponse });
    expect(await api.answer(apiRequest('GET /health/live'))).toMatchObject({ status: 200 });
    await new Promise(setImmediate);
  });

  it('changes no answer by what it throws', async () => {
    const { api } = testApi({
      onResponse() {
        throw new Error('No room');
      },
    });
    expect((await api.answer(apiRequest('GET /health/live'))).status).toBe(200);
  });

  it('knows every route beforehand', async () => {
    const { api } = observedApi();
    const names = api.endpoints.map(({ method, path }) => `${method} ${path}`);
    expect(names).toEqual(
      expect.arrayContaining([
        'GET /users/{id}',
        'GET /health/ready',
        'POST /verify-email',
        'GET /posts/{id}',
        'GET /',
      ]),
    );
  });
});
