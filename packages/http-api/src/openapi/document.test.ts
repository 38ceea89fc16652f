import { describe, expect, it } from 'vitest';
import { httpPosts } from '../posts/index.ts';
import { hasBody, pathParameters } from '../routes/route.ts';
import { openApiDocument } from './document.ts';
import { policyOf } from '@sallyport/core';
import { posts } from '@sallyport/core/posts';
import * as v from 'valibot';
import { spreadProfile } from './profile-schema.ts';
import { type HttpModule, routesUnder } from '../routes/module.ts';
import { toWireName } from '../wire/names.ts';

const field = { schema: v.string(), default: 'Unknown', read: ['members'], write: ['self', 'admins'] } as const;
const policy = policyOf({ profile: { homeTown: field } });
const modules = [httpPosts(posts({ author: ['homeTown'] }))];
const routes = routesUnder(policy, modules);

interface Reference {
  readonly $ref: string;
}

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly Reference[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Reference }>> };
  readonly responses: Readonly<Record<string, Reference & { readonly description: string }>>;
}
const document = openApiDocument({ policy, modules }) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly tags: readonly object[];
  readonly components: Readonly<Record<'schemas' | 'responses' | 'parameters', Readonly<Record<string, object>>>>;
};
/** The component that a reference leads to; anything else as it is. */
const resolved = (part: Reference): any => {
  const [, , kind, name] = part.$ref?.split('/') ?? [];
  return kind === undefined ? part : document.components[kind as 'schemas']?.[name ?? ''];
};
const operationOf = ({ method, path }: { method: string; path: string }) =>
  document.paths[path]?.[method.toLowerCase()] as Operation;

describe('the OpenAPI document', () => {
  it('has an operation for each route and no other', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.toSorted()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).toSorted());
  });

  it('gives each operation an id of its own', () => {
    const ids = routes.map((route) => operationOf(route).operationId);
    expect(new Set(ids).size).toBe(routes.length);
    expect(ids).toEqual(expect.arrayContaining(['changeRole', 'issueTokens', 'createPost']));
  });

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'tells what %s takes',
    (_, route) => {
      const { parameters: sentBeside = [], requestBody } = operationOf(route);
      const parameters = sentBeside.map((one) => resolved(one));
      const inPath = pathParameters(route.path);
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(inPath);
      const [content] = Object.values(requestBody?.content ?? {});
      const inQuery = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
      const body = content && resolved(content.schema);
      const sent = hasBody(route) ? Object.keys(body?.properties ?? {}) : inQuery;
      expect([...inPath, ...(sent as string[])].toSorted()).toEqual(
        Object.keys(spreadProfile(route.input.entries)).map(toWireName).toSorted(),
      );
    },
  );

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'tells what %s answers',
    (_, route) => {
      const { responses } = operationOf(route);
      const statuses = [
        [route.status, 503],
        route.who === 'anyone' ? [] : [401],
        route.who === 'admin' ? [403] : [],
        hasBody(route) ? [400, 413, 415] : [],
      ].flat();
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(statuses.map(String)));
      const mediaType = route.bearer === 'required' || route.style === 'api' ? 'problem+json' : 'json';
      const refused = responses['401'] && resolved(responses['401']);
      expect(Object.keys(refused?.content ?? { [`application/${mediaType}`]: {} })).toEqual([
        `application/${mediaType}`,
      ]);
    },
  );

  it('says who must prove who they are', () => {
    const security = [{ password: [] }, { bearer: [] }];
    expect(operationOf({ method: 'GET', path: '/users/me' }).security).toEqual(security);
    expect(operationOf({ method: 'GET', path: '/posts' }).security).toEqual([{}, ...security]);
    expect(operationOf({ method: 'POST', path: '/auth/token' }).security).toEqual([]);
    expect(operationOf({ method: 'POST', path: '/auth/login' }).security).toEqual([]);
  });

  it('has a component for every reference', () => {
    const references = [...JSON.stringify(document).matchAll(/#\/components\/(\w+)\/(\w+)/g)];
    expect(references.length).toBeGreaterThan(0);
    for (const [, kind, name] of references) expect(document.components).toHaveProperty([kind ?? '', name ?? '']);
  });

  it('shares the refusals of routes, and names the problem types that a route has', () => {
    const { responses } = operationOf({ method: 'POST', path: '/auth/login' });
    expect(responses['403']).toEqual({
      $ref: '#/components/responses/Forbidden',
      description: 'Account deactivated (`account_deactivated`) · E-mail not verified (`email_not_verified`)',
    });
    expect(document.components.schemas['ProblemType']).toMatchObject({
      enum: expect.arrayContaining(['urn:sallyport:problem:email_taken', 'urn:sallyport:problem:post_not_found']),
    });
  });

  it('has a view once, with the fields of the profile, also inside another view', () => {
    const { Grant, User } = document.components.schemas;
    expect(User).toHaveProperty('properties.home_town');
    expect(Grant).toHaveProperty('properties.user', { $ref: '#/components/schemas/User' });
  });

  it('has what is titled inside another schema once, unless its title is a label for people', () => {
    const Level = v.pipe(v.picklist(['low', 'high']), v.title('Level'));
    const Label = v.pipe(v.picklist(['red']), v.title('Colour of the label'));
    const {
      routes: [first],
      problems,
    } = httpPosts();
    const output = v.object({ level: Level, label: Label });
    const input = v.object({ level: v.optional(v.pipe(Level, v.description('How high.'))) });
    const module: HttpModule = { routes: [{ ...first!, input, output }], problems };
    expect(openApiDocument({ policy, modules: [module] })).toMatchObject({
      components: {
        schemas: {
          CreatePostRequest: {
            properties: { level: { $ref: '#/components/schemas/Level', description: 'How high.' } },
          },
          CreatePostResult: {
            properties: {
              level: { $ref: '#/components/schemas/Level' },
              label: { title: 'Colour of the label', enum: ['red'] },
            },
          },
          Level: { enum: ['low', 'high'] },
        },
      },
    });
  });

  it('makes a component of a parameter that recurs, and of each kind of it', () => {
    expect(document.components.parameters).toMatchObject({
      After: { name: 'after', schema: { type: 'integer' } },
      SessionAfter: { name: 'after', schema: { type: 'string' } },
    });
  });

  it('declares the tags of modules, also of those that do not describe theirs', () => {
    const { tags: _, ...undescribed } = httpPosts();
    const tagsOf = (one: HttpModule) => (openApiDocument({ policy, modules: [one] }) as { tags: object[] }).tags.at(-1);
    expect(tagsOf(httpPosts())).toEqual({ name: 'posts', description: expect.stringMatching(/^Posts/) });
    expect(tagsOf(undescribed)).toEqual({ name: 'posts', description: 'Routes under /posts.' });
  });

  it('is refused if two views that differ have the same title', () => {
    const {
      routes: [first, ...rest],
      problems,
    } = httpPosts();
    const other = { ...first!, output: v.pipe(v.object({ id: v.string() }), v.title('Post')) };
    const described = { policy, modules: [{ routes: [other, ...rest], problems }] };
    expect(() => openApiDocument(described)).toThrow('Two schemas have the name Post');
  });
});
