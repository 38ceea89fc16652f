import type { Route } from '@sallyport/http-api';
import { routes } from './server-routes.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { document, operationOf, unpromised } from './document.ts';
import { mismatches, resolve, type Schema } from './json-schema.ts';
import { sampleInput, sendSample } from './sample-input.ts';
import {
  admin,
  type Answer,
  anotherAdmin,
  invitee,
  login,
  member,
  type Person,
  type RequestOptions,
  sessionOf,
  startServer,
  storeOfEachAdapter,
  type TestServer,
} from './start-server.ts';

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const named = routes.map((route) => [nameOf(route), route] as const);

const isText = (value: unknown) => typeof value === 'string';

/** Every object in the document that has this key, and what it has there. */
function everything(key: string, part: unknown = document): readonly any[] {
  if (typeof part !== 'object' || part === null) return [];
  const own = Object.hasOwn(part, key) ? [(part as Schema)[key]] : [];
  return [...own, ...Object.values(part).flatMap((value) => everything(key, value))];
}

/** Every parameter of every operation. */
const allParameters = routes.flatMap((route): readonly Schema[] => operationOf(route)['parameters'] ?? []);

describe('the document', () => {
  it('is of OpenAPI 3.1', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Sallyport', version: expect.any(String) } });
  });

  it('holds every route, and no other operation', () => {
    const operations = Object.entries<Schema>(document['paths']).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.toSorted()).toEqual(routes.map(nameOf).toSorted());
  });

  it('has a target for every reference, and a reference to every schema', () => {
    const pointers = everything('$ref');
    expect(pointers.length).toBeGreaterThan(0);
    for (const pointer of pointers) expect(resolve(document, pointer)).toBeTypeOf('object');
    const { securitySchemes: _, ...kinds } = document['components'];
    const components = Object.entries<Schema>(kinds).flatMap(([kind, all]) =>
      Object.keys(all).map((name) => `#/components/${kind}/${name}`),
    );
    expect(new Set(pointers)).toEqual(new Set(components));
  });

  it('calls each operation by a name of its own', () => {
    const ids = everything('operationId');
    expect(ids).toHaveLength(routes.length);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/);
  });

  it('describes each operation, each parameter and each tag in a sentence', () => {
    const tags: readonly Schema[] = document['tags'];
    for (const { description } of [...routes.map(operationOf), ...allParameters, ...tags]) {
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
    expect(tags.map(({ name }) => name)).toEqual([...new Set(everything('tags').flat())].filter(isText));
  });

  it('gives an example of each body', () => {
    const schemas = Object.entries<Schema>(document['components'].schemas);
    const bodies = schemas.filter(([name]) => /Request$|^(User|Grant|Session|AuditEntry|Post)/.test(name));
    expect(bodies.length).toBeGreaterThan(20);
    for (const [name, { examples }] of bodies) expect([name, examples]).toEqual([name, [expect.anything()]]);
  });

  it('names fields as the wire does', () => {
    const fields = [
      ...everything('properties').flatMap((properties) => Object.keys(properties)),
      ...allParameters.map((parameter) => parameter['name']),
    ];
    for (const field of fields) expect(field).toMatch(/^[a-z]+(_[a-z]+)*$/);
    for (const required of everything('required').filter(Array.isArray))
      expect(fields).toEqual(expect.arrayContaining(required));
  });

  it('gives examples and defaults that are valid themselves', () => {
    const schemas = everything('properties').flatMap((properties) => Object.values<Schema>(properties));
    const parameters = allParameters.map((parameter) => parameter['schema']);
    const given = [...Object.values<Schema>(document['components'].schemas), ...schemas, ...parameters].flatMap(
      (schema: Schema) =>
        [...(schema['examples'] ?? []), ...('default' in schema ? [schema['default']] : [])].map((value) => ({
          value,
          schema,
        })),
    );
    expect(given.length).toBeGreaterThan(10);
    for (const { value, schema } of given) expect([value, mismatches(value, schema, document)]).toEqual([value, []]);
  });

  it.each(named)('says of %s what its path names, who may call and what is refused', (_, route) => {
    const { parameters = [], security, responses, requestBody, summary } = operationOf(route);
    const inPath = parameters.filter((parameter: Schema) => parameter['in'] === 'path');
    expect(inPath.map(({ name, required }: any) => [`{${name}}`, required])).toEqual(
      (route.path.match(/\{\w+\}/g) ?? []).map((name) => [name, true]),
    );
    expect(summary).toBe(route.summary);
    expect(responses).toHaveProperty(String(route.status));
    expect(responses).toHaveProperty('503');
    expect(route.who !== 'admin' || responses['403'].description.includes('Forbidden')).toBe(true);
    const schemes = [{ password: [] }, { bearer: [] }];
    const asked = { required: schemes, optional: [{}, ...schemes], ignored: [] }[route.bearer];
    expect(security).toEqual(asked);
    expect([route.method, requestBody !== undefined]).not.toEqual(['GET', true]);
    for (const name of everything('security').flatMap((all: Schema[]) => all.flatMap((one) => Object.keys(one)))) {
      expect(document['components'].securitySchemes).toHaveProperty(name);
    }
  });
});

describe.each(storeOfEachAdapter)('the answers of %s are as promised', (store) => {
  let server: TestServer;
  let root: Person;
  let ada: Person;
  beforeAll(async () => {
    server = await startServer(store);
    [root, ada] = [await admin(server), await member(server)];
  });
  afterAll(() => server.close());

  const content = { title: 'A first post', content: 'Twenty characters or more of it.' };

  /** The id of a new post of Ada's, which is published, or of a new user. */
  async function newTarget({ path }: Route): Promise<number> {
    if (path.endsWith('/invitation')) return (await invitee(server, root)).id;
    if (!path.startsWith('/posts')) return (await member(server)).id;
    const { id } = (await server.request('POST /posts', { token: ada.token, json: content })).body;
    await server.request(`PATCH /posts/${id}`, { token: ada.token, json: { published: true } });
    return id;
  }

  /** A new caller that a route admits. */
  const callerOf = ({ who }: Route) => (who === 'admin' ? anotherAdmin(server, root) : member(server));

  /** Statuses of answers, each of which must be as promised. */
  const statusesOf = (route: Route, answers: readonly Answer[]) => {
    for (const answer of answers) expect([answer.body, unpromised(route, answer)]).toEqual([answer.body, []]);
    return answers.map(({ status }) => status);
  };

  const ask = (route: Route, id: string | number, options: RequestOptions = {}) =>
    server.request(`${route.method} ${route.path.replace('{id}', String(id))}`, options);

  it.each(named)('%s when it succeeds', async (_, route) => {
    const person = await callerOf(route);
    const input = sampleInput(route, person);
    const isOwnSession = route.path.startsWith('/users/me/sessions/');
    const target = isOwnSession ? sessionOf(person.token) : await newTarget(route);
    const id = route.path.includes('{id}') ? target : undefined;
    const token = route.path.startsWith('/posts/{id}') ? ada.token : person.token;
    const statuses = statusesOf(route, [await sendSample(server, route, { id, token, input })]);
    expect(input.isComplete ? statuses : [route.status]).toEqual([route.status]);
  });

  const lists = named.filter(([, { method, input }]) => method === 'GET' && 'limit' in input.entries);
  it.each(lists)('%s when more follows, or the query is wrong', async (name, route) => {
    const { id, token, email, password } = await callerOf(route);
    for (let count = 0; count < 2; count += 1) {
      await server.request('POST /posts', { token, json: content });
      await login(server, email, password);
    }
    const list = name.replace('{id}', String(id));
    const more = await server.request(`${list}?limit=1`, { token });
    expect(more.headers.has('Link') || route.who === 'anyone').toBe(true);
    const wrong = await server.request(`${list}?limit=x&skip=-1&after=0&published=x&role=x&is_active=x`, { token });
    expect(statusesOf(route, [more, wrong])).toEqual([200, 422]);
  });

  it.each(named)('%s when it refuses the caller', async (_, route) => {
    const [idle, other, id] = [await callerOf(route), await member(server), await newTarget(route)];
    await server.request('PATCH /users/me/deactivate', { token: idle.token });
    const answers = [];
    for (const token of ['x', idle.token, undefined, other.token]) answers.push(await ask(route, id, { token }));
    const [bad, deactivated, none] = statusesOf(route, answers);
    expect([bad, deactivated]).toEqual(route.bearer === 'required' ? [401, 403] : [none, none]);
  });

  it.each(named.filter(([name]) => name.includes('{id}')))('%s when it refuses the id', async (_, route) => {
    const { token } = await callerOf(route);
    const answers = [await ask(route, 'x', { token }), await ask(route, '999999999999999', { token })];
    expect(statusesOf(route, answers)[0]).toBe(422);
  });

  const withBody = named.filter(([, route]) => operationOf(route)['requestBody']);
  it.each(withBody)('%s when it refuses the body', async (_, route) => {
    const [{ token }, id] = [await callerOf(route), await newTarget(route)];
    const [type = ''] = Object.keys(operationOf(route)['requestBody'].content);
    const answers = [];
    for (const body of ['', '{', '[]', '\ufffd', '{"name":1,"title":1,"role":1}', `"${'x'.repeat(1_048_576)}"`]) {
      answers.push(await ask(route, id, { token, body, headers: { 'Content-Type': type } }));
    }
    answers.push(await ask(route, id, { token, body: 'x', headers: { 'Content-Type': 'text/plain' } }));
    expect(statusesOf(route, answers)).toEqual(expect.arrayContaining([400, 413, 415]));
  });
});
