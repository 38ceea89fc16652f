import { describe, expect, it } from 'vitest';
import { type Endpoint, parametersOf, pathTable } from './path-table.ts';

const endpoint = (methodAndPath: string): Endpoint => {
  const [method, path] = methodAndPath.split(' ') as [Endpoint['method'], string];
  return { method, path, answer: () => ({ status: 200, headers: {} }) };
};
const table = (...routes: string[]) => pathTable(routes.map(endpoint));
const find = table('GET /users', 'POST /users', 'GET /users/me', 'GET /users/{id}', 'DELETE /users/{id}/keys/{key_id}');

describe('the table of paths', () => {
  it('finds the endpoints of a path by method, HEAD as GET', () => {
    const users = find('/users');
    expect(users?.allowed).toEqual(['HEAD', 'GET', 'POST']);
    expect(users?.endpointFor('POST')).toMatchObject({ method: 'POST', path: '/users' });
    expect(users?.endpointFor('HEAD')).toBe(users?.endpointFor('GET'));
    expect(users?.endpointFor('DELETE')).toBeUndefined();
  });

  it('prefers a literal path to a template, also for methods that only the template has', () => {
    const me = table('DELETE /users/{id}', 'GET /users/me')('/users/me');
    expect(me?.allowed).toEqual(['HEAD', 'GET']);
    expect(me?.endpointFor('DELETE')).toBeUndefined();
  });

  it.each([
    '/users/',
    '//users',
    '/Users',
    '/users/1/',
    '/users//keys/1',
    '/users/1/keys',
    '/users/1/keys/2/3',
    '',
    '*',
  ])('does not find %j', (path) => {
    expect(find(path)).toBeUndefined();
  });

  it('joins templates that differ only in the names of their parameters', () => {
    const place = table('GET /users/{id}', 'DELETE /users/{user_id}')('/users/7');
    expect(place?.allowed).toEqual(['HEAD', 'GET', 'DELETE']);
    expect(place?.endpointFor('DELETE')?.path).toBe('/users/{user_id}');
  });

  it.each([
    ['GET /users', 'GET /users'],
    ['GET /users/{id}', 'GET /users/{name}'],
  ])('rejects %s beside %s', (one, other) => {
    expect(() => table(one, other)).toThrow('Two routes answer GET /users');
  });
});

describe('the parameters of a path', () => {
  it('are named by the template', () => {
    expect(parametersOf('/users/{id}/keys/{key_id}', '/users/1/keys/a')).toEqual({ id: '1', key_id: 'a' });
    expect(parametersOf('/users', '/users')).toEqual({});
  });

  it('are decoded once, and stay as they are where the encoding is malformed', () => {
    expect(parametersOf('/users/{id}', '/users/a%2Fb%2525')).toEqual({ id: 'a/b%25' });
    expect(parametersOf('/users/{id}', '/users/%ff')).toEqual({ id: '%ff' });
  });
});
