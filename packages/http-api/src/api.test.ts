import { type AnyUseCase, SallyportError } from '@sallyport/core';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import { admin, apiRequest, jsonOf, member, testApi } from '../test/api.ts';
import { createHttpApi, createMetadataApi, type HttpModule, route } from './index.ts';

describe('a request', () => {
  it('for a path of the API is answered, whatever the method', async () => {
    const { api } = testApi();
    for (const [methodAndPath, status] of [
      ['GET /health/live', 200],
      ['POST /health/live', 405],
      ['OPTIONS /users/7', 200],
      ['GET /users/me', 401],
      ['PROPFIND /users/me', 501],
    ] as const) {
      expect([methodAndPath, (await api.handle(apiRequest(methodAndPath)))?.status]).toEqual([methodAndPath, status]);
    }
  });

  it('for another path is left to the host', async () => {
    const { api } = testApi();
    expect(await api.handle(apiRequest('GET /hello'))).toBeUndefined();
    expect(api.has('/hello')).toBe(false);
    expect(await api.answer(apiRequest('GET /hello'))).toMatchObject({ status: 404 });
  });

  it('by HEAD gets the headers of GET, and no body', async () => {
    const { api } = testApi();
    const [get, head] = [await api.answer(apiRequest('GET /docs')), await api.answer(apiRequest('HEAD /docs'))];
    expect(head).toEqual({ status: 200, headers: get.headers });
    expect(head.headers['Content-Length']).toBe(String(Buffer.byteLength(String(get.body))));
  });

  it('without a valid token is refused before its body is read', async () => {
    const { api } = testApi();
    const body = { read: () => Promise.reject(new Error('was read')) };
    for (const token of [undefined, 'x']) {
      const response = await api.handle(apiRequest('PATCH /users/me', { token, body }));
      expect(response?.status).toBe(401);
    }
  });

  it('whose session ends while its body arrives is refused', async () => {
    const tested = testApi();
    const { token } = await member(tested);
    const body = {
      async read() {
        await tested.api.handle(apiRequest('POST /auth/logout', { token }));
        return Buffer.from('{"name": "Ada Lovelace"}');
      },
    };
    const headers = { 'content-type': 'application/json' };
    const response = await tested.api.handle(apiRequest('PATCH /users/me', { token, body, headers }));
    expect(jsonOf(response!)).toMatchObject({ status: 401, detail: 'Invalid or expired token' });
  });

  it.each([
    ['an object', { name: 'Ada Lovelace' }],
    ['text', '{"name": "Ada Lovelace"}'],
    ['bytes', Buffer.from('{"name": "Ada Lovelace"}')],
  ])('may bring the body that the host has read, as %s', async (_, parsed) => {
    const tested = testApi();
    const { token } = await member(tested);
    const parts = { token, body: { parsed }, headers: { 'content-type': 'application/json' } };
    expect(jsonOf(await tested.api.answer(apiRequest('PATCH /users/me', parts))).name).toBe('Ada Lovelace');
  });

  it.each([
    [415, 'text/plain', {}],
    [415, 'application/json; charset=latin1', {}],
    [400, 'application/json', []],
    [400, 'application/json; charset="UTF-8"', 7],
  ])('gets %i for a body of %s that the host has parsed to %j', async (status, type, parsed) => {
    const { api } = testApi();
    const request = apiRequest('POST /auth/login', { body: { parsed }, headers: { 'content-type': type } });
    expect((await api.answer(request)).status).toBe(status);
  });

  it.each([33, 100, 100_000])('gets 422 for a body that the host has parsed to %i levels', async (levels) => {
    let deep: unknown = [];
    for (let level = 1; level < levels; level += 1) deep = [deep];
    const tested = testApi({}, { profile: { notes: { schema: v.any(), default: null } } });
    const { token } = await member(tested);
    const parts = { token, body: { parsed: { notes: deep } }, headers: { 'content-type': 'application/json' } };
    expect((await tested.api.answer(apiRequest('PATCH /users/me', parts))).status).toBe(422);
    expect(tested.errors).toEqual([]);
  });

  it('is described for the log of the host', async () => {
    const tested = testApi();
    const { token, id } = await member(tested);
    const observed = {};
    await tested.api.handle(apiRequest('GET /users/7', { token, observed }));
    expect(observed).toEqual({ route: '/users/{id}', userId: id, code: 'user_not_found' });
  });

  it('that fails unexpectedly reveals nothing, and is reported', async () => {
    const cause = new Error('the cause');
    const { api, application, errors } = testApi();
    vi.spyOn(application.login, 'attempt').mockRejectedValue(cause);
    const response = await api.answer(apiRequest('POST /auth/login', { json: {} }));
    expect(jsonOf(response)).toEqual({
      type: 'urn:sallyport:problem:internal_error',
      title: 'Internal error',
      status: 500,
      detail: 'Something went wrong',
      instance: 'r1',
    });
    expect(errors).toEqual([cause]);
  });

  it('for readiness is answered by 503 if the host is not ready, whatever the reason', async () => {
    const { api } = testApi({ ready: () => Promise.reject(new Error('The pool is empty')) });
    const response = await api.answer(apiRequest('GET /health/ready'));
    expect(response.status).toBe(503);
    expect(response.headers).toHaveProperty('Retry-After');
  });
});

describe('the options of the API', () => {
  const statuses = (api: ReturnType<typeof testApi>['api'], ...paths: string[]) =>
    Promise.all(paths.map(async (path) => (await api.handle(apiRequest(`GET ${path}`)))?.status));
  const parts = ['/docs', '/docs/start.js', '/openapi.json', '/', '/health/live', '/health/ready', '/reset-password'];

  it('leave parts out, whose paths are then the host’s', async () => {
    expect(await statuses(testApi().api, ...parts)).toEqual([200, 200, 200, 302, 200, 200, 200]);
    const { api } = testApi({ without: { docs: true, health: true, linkPages: true } });
    expect(await statuses(api, ...parts)).toEqual(parts.map(() => undefined));
    expect(await statuses(testApi({ without: { root: true } }).api, '/docs', '/')).toEqual([200, undefined]);
    const metadata = await api.answer(apiRequest('GET /.well-known/oauth-authorization-server'));
    expect(jsonOf(metadata)).not.toHaveProperty('service_documentation');
  });

  it('put the path of the public URL into links', async () => {
    const tested = testApi({ publicUrl: 'https://host.example/accounts' });
    const { token } = await member(tested);
    await member(tested);
    const users = await tested.api.answer(apiRequest('GET /users?limit=1&token=secret', { token }));
    expect(users.headers['Link']).toMatch(/^<\/accounts\/users\?limit=1&after=\d+>; rel="next"$/);
    expect((await tested.api.answer(apiRequest('GET /'))).headers['Location']).toBe('/accounts/docs');
  });

  it.each([
    'https://host.example/',
    'https://host.example/accounts/',
    'host.example',
    'ftp://host.example',
    'https://ada:secret@host.example',
    'https://host.example?x',
    'https://host.example#x',
  ])('reject the public URL %s, which is no issuer', (publicUrl) => {
    const sentence = 'The option publicUrl must be a URL like https://example.com/accounts: of http or https';
    expect(() => testApi({ publicUrl })).toThrow(sentence);
    expect(() => createMetadataApi({ publicUrl, log: console })).toThrow(sentence);
  });

  it.each<[object, string]>([
    [{ publicURL: 'https://host.example' }, 'publicURL does not exist: there are application, publicUrl, modules,'],
    [{ brand: { colour: '#35c' } }, 'brand.colour does not exist: there are name, color, url'],
    [{ without: { doc: true } }, 'without.doc does not exist: there are docs, root, health, linkPages'],
    [{ publicUrl: undefined }, 'publicUrl must be a text'],
    [{ application: {} }, 'application must be the application that createApplication returns'],
    [{ modules: {} }, 'modules must be a list of modules'],
    [{ modules: [{ routes: [] }] }, 'modules.0 must have a list of routes, and problems'],
    [{ corsOrigins: 'https://app.example' }, 'corsOrigins must be a list of texts'],
    [{ corsOrigins: [null] }, 'corsOrigins.0 must be a text'],
    [{ ready: true }, 'ready must be a function'],
    [{ isDraining: false }, 'isDraining must be a function'],
    [{ onResponse: {} }, 'onResponse must be a function'],
    [{ brand: 'Acme' }, 'brand must be an object'],
    [{ brand: { name: 5 } }, 'brand.name must be a text'],
    [{ without: 'docs' }, 'without must be an object'],
    [{ without: { docs: 'yes' } }, 'without.docs must be true or false'],
  ])('reject %j of a host without a compiler', (given, sentence) => {
    expect(() => testApi(given)).toThrow(`The option ${sentence}`);
  });

  it('reject what is no object, and the lack of one that is required', () => {
    expect(() => createHttpApi(undefined as never)).toThrow('The argument must be an object');
    const { application } = testApi();
    expect(() => createHttpApi({ application, log: console } as never)).toThrow('The option publicUrl is missing');
  });

  it('serve the metadata of an issuer with a path where clients look for it', async () => {
    const publicUrl = 'https://host.example/accounts';
    const metadata = createMetadataApi({ publicUrl, log: console });
    const request = apiRequest('GET /.well-known/oauth-authorization-server/accounts');
    expect(jsonOf((await metadata.handle(request))!)).toMatchObject({
      issuer: publicUrl,
      token_endpoint: `${publicUrl}/auth/token`,
    });
    expect(await metadata.handle(apiRequest('GET /.well-known/oauth-authorization-server'))).toBeUndefined();
  });

  it.each(['*', 'https://*.example', 'https://app.example/path', 'null'])(
    'reject %s, which no page’s origin equals',
    (origin) => {
      expect(() => testApi({ corsOrigins: [origin] })).toThrow(
        `The option corsOrigins must list origins such as https://app.example.com: ${origin}`,
      );
    },
  );
});

describe('a field of the profile whose schema contains itself', () => {
  type Tree = { readonly name: string; readonly parts: readonly Tree[] };
  const schema: v.GenericSchema<Tree> = v.object({ name: v.string(), parts: v.array(v.lazy(() => schema)) });

  it('is described, written and read', async () => {
    const tested = testApi(
      {},
      { profile: { team: { schema, default: { name: 'none', parts: [] }, write: ['self'] } } },
    );
    const { User } = jsonOf(await tested.api.answer(apiRequest('GET /openapi.json'))).components.schemas;
    expect(User.properties.team.properties.parts).toEqual({ type: 'array', items: {} });
    const { token } = await member(tested);
    const team = { name: 'Engines', parts: [{ name: 'Mill', parts: [] }] };
    const changed = await tested.api.answer(apiRequest('PATCH /users/me', { token, json: { team } }));
    expect(jsonOf(changed).team).toEqual(team);
    const refused = await tested.api.answer(
      apiRequest('PATCH /users/me', { token, json: { team: { name: 'Engines', parts: [{ name: 5, parts: [] }] } } }),
    );
    expect(jsonOf(refused).errors).toMatchObject([{ pointer: '/team/parts/0/name' }]);
  });
});

describe('a module', () => {
  const greet = {
    caller: 'admin',
    input: v.object({ firstName: v.string() }),
    output: v.object({ theGreeting: v.string() }),
    errors: ['last_admin'],
    run: () => Promise.reject(new Error('Not built')),
  } as const satisfies AnyUseCase;
  /** The use case, as an application would build it. */
  const built = {
    async attempt(_: unknown, input: unknown) {
      const { firstName } = (input as () => { firstName: string })();
      if (firstName === 'Eve') throw new SallyportError('last_admin');
      return { theGreeting: `Hello ${firstName}` };
    },
  };
  const greetings: HttpModule = {
    routes: [route('GET /greetings', greet, () => built, { operationId: 'greet', summary: 'Greet' })],
    problems: {},
  };

  it('adds routes, in the names of the wire', async () => {
    const tested = testApi({ modules: [greetings] });
    const { token } = await admin(tested);
    const response = await tested.api.answer(apiRequest('GET /greetings?first_name=Ada', { token }));
    expect(jsonOf(response)).toEqual({ the_greeting: 'Hello Ada' });
    const refused = await tested.api.answer(apiRequest('GET /greetings?first_name=Eve', { token }));
    expect(refused.status).toBe(409);
    expect(await tested.api.handle(apiRequest('GET /posts'))).toBeUndefined();
    const document = jsonOf(await tested.api.answer(apiRequest('GET /openapi.json')));
    expect(document.paths['/greetings'].get.summary).toBe('Greet');
    expect(document.components.schemas).not.toHaveProperty('Post');
  });

  it('whose route refuses with a code that has no problem type is rejected', () => {
    const [greeting] = greetings.routes;
    const odd = { ...greetings, routes: [{ ...greeting!, errors: ['greetings.odd' as 'last_admin'] }] };
    expect(() => testApi({ modules: [odd] })).toThrow('greetings.odd, which has no problem type');
  });

  it('whose route is one of another module is rejected', () => {
    const [greeting] = greetings.routes;
    const same = { ...greetings, routes: [{ ...greeting!, operationId: 'greetAgain' }] };
    expect(() => testApi({ modules: [greetings, same] })).toThrow('Two routes answer GET /greetings');
  });

  it('whose operation has the name of another one is rejected', () => {
    const [greeting] = greetings.routes;
    const same = { ...greetings, routes: [{ ...greeting!, operationId: 'login' }] };
    expect(() => testApi({ modules: [same] })).toThrow(
      'POST /auth/login and GET /greetings are both the operation login: give one another operationId',
    );
  });
});
