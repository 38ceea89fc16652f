import { describe, expect, it } from 'vitest';
import { requestOf } from './request.ts';
import { parseRoute, type RouteText } from './route.ts';

const sent = (route: RouteText, input?: object) =>
  requestOf('https://example.com', parseRoute('name', route), input as Record<string, unknown>);

describe('a request', () => {
  it('has fields of the path in the path, and the others in the body', () => {
    expect(sent('PATCH /users/{id}/role', { id: 7, role: 'admin' })).toEqual({
      method: 'PATCH',
      url: 'https://example.com/users/7/role',
      contentType: 'application/json',
      body: '{"role":"admin"}',
    });
  });

  it('has the others in the query if it reads or deletes', () => {
    const { url, body } = sent('GET /users', { limit: 2, search: 'a&b=c', after: undefined, role: null });
    expect([url, body]).toEqual(['https://example.com/users?limit=2&search=a%26b%3Dc', undefined]);
    expect(sent('DELETE /users/me').url).toBe('https://example.com/users/me');
  });

  it('has no body without an input, and an empty object for an empty one', () => {
    expect(sent('POST /auth/logout').body).toBeUndefined();
    expect(sent('PATCH /users/me', {}).body).toBe('{}');
  });

  it('sends null, which clears or keeps a field as the API says', () => {
    expect(sent('PATCH /users/me', { city: null, age: undefined }).body).toBe('{"city":null}');
  });

  it('is a form where OAuth wants one', () => {
    expect(sent('POST /auth/revoke public form', { token: 'a b' })).toMatchObject({
      contentType: 'application/x-www-form-urlencoded',
      body: 'token=a+b',
    });
  });

  it('escapes what stands in the path', () => {
    expect(sent('GET /users/{id}', { id: 'a/b?c#d' }).url).toBe('https://example.com/users/a%2Fb%3Fc%23d');
  });

  it.each(['.', '..', '', undefined, null, {}])('is refused if %j stands in the path, which is another path', (id) => {
    expect(() => sent('DELETE /users/me/sessions/{id}', { id })).toThrow('id must be the id of a record');
  });
});
