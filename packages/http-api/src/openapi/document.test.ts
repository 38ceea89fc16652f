import { describe, expect, it } from 'vitest';
import { httpPosts } from '../posts/index.ts';
import { hasBody, pathParameters } from '../routes/route.ts';
import { openApiDocument } from './document.ts';
import { policyOf } from '@sallyport/core';
import { posts } from '@sallyport/core/posts';
import * as v from 'valibot';
import { spreadProfile } from './profile-schema.ts';
import { routesUnder } from '../routes/module.ts';
import { toWireName } from '../wire/names.ts';

const field = { schema: v.string(), default: 'Unknown', read: ['members'], write: ['self', 'admins'] } as const;
const policy = policyOf({ profile: { homeTown: field } });
const modules = [httpPosts(posts({ author: ['homeTown'] }))];
const routes = routesUnder(policy, modules);

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly properties: object } }>>;
  };
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}
const document = openApiDocument({ policy, modules }) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: object };
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
    expect(ids).toContain('patchAdminUsersIdRole');
  });

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'tells what %s takes',
    (_, route) => {
      const { parameters = [], requestBody } = operationOf(route);
      const inPath = pathParameters(route.path);
      expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(inPath);
      const [content] = Object.values(requestBody?.content ?? {});
      const inQuery = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
      const sent = hasBody(route) ? Object.keys(content?.schema.properties ?? {}) : inQuery;
      expect([...inPath, ...sent].toSorted()).toEqual(
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
      const mediaTypes = Object.keys(responses['401']?.content ?? { [`application/${mediaType}`]: {} });
      expect(mediaTypes).toEqual([`application/${mediaType}`]);
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
    const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
    expect(references.length).toBeGreaterThan(0);
    for (const name of new Set(references)) expect(document.components.schemas).toHaveProperty(name ?? '');
  });
});
