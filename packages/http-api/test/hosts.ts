import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import middie from '@fastify/middie';
import { koaApi, koaGuard } from '@sallyport/adapters-http-koa';
import express from 'express';
import Fastify, { type FastifyInstance } from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import koaMount from 'koa-mount';
import { notes } from '../../../test/secrecy.mjs';
import { fetchGuard, fetchHandler } from '../src/fetch/index.ts';
import { clientAddress, type HttpApi, type Served, trustedProxies } from '../src/index.ts';
import { memberOf, nodeGuard, nodeListener, type NodeMount, send } from '../src/node/index.ts';
import { listening, type Running, running } from './running.ts';

/** What a host mounts: the API under a path, and the metadata of its issuer at the root. */
export interface Mounts {
  readonly api: HttpApi;
  readonly metadata: Served;
  /** The path of the API; empty at the root of the host. */
  readonly path: string;
  /** The proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies?: readonly string[] | undefined;
}

/**
 * Starts a host with two routes of its own: `POST /echo`, which sends its body back, and `GET /reports`, which tells
 * admins their own id.
 */
export type Start = (mounts: Mounts) => Promise<Running>;

/** The mount of a host that does not take the path off itself. */
const mountOf = ({ path, trustedProxies }: Mounts): NodeMount => ({ mountPath: path, trustedProxies });

/** The listener of a plain host, for requests that were passed on. */
function plainRoutes({ api }: Mounts) {
  const guard = nodeGuard(api).require('admin');
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method === 'POST' && request.url === '/echo') request.pipe(response);
    else if (request.url === '/reports') {
      guard(request, response, () => response.end(String(memberOf(request).user.id)));
    } else response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not here');
  };
}

const plainNode: Start = (mounts) => {
  const [api, metadata] = [nodeListener(mounts.api, mountOf(mounts)), nodeListener(mounts.metadata)];
  const routes = plainRoutes(mounts);
  return listening((request, response) =>
    api(request, response, () => metadata(request, response, () => routes(request, response))),
  );
};

const onExpress =
  (...parsers: express.RequestHandler[]): Start =>
  ({ api, metadata, path, trustedProxies }) => {
    const app = express();
    app.disable('x-powered-by');
    if (parsers.length > 0) app.use(parsers);
    app.use(path, nodeListener(api, { trustedProxies }));
    app.use(nodeListener(metadata));
    app.post('/echo', express.text(), (request, response) => void response.send(request.body));
    app.get('/reports', nodeGuard(api).require('admin'), (request, response) => {
      response.send(String(memberOf(request).user.id));
    });
    return listening(app);
  };

const onFastify: Start = async ({ api, metadata, path, trustedProxies }) => {
  const app = Fastify();
  await app.register(middie);
  app.use(path, nodeListener(api, { trustedProxies }));
  app.use(nodeListener(metadata));
  return startFastify(app, api);
};

/** Without middie, Fastify has parsed the body before a route sees the request. */
const onFastifyRoute: Start = async (mounts) => {
  const { api, metadata, path } = mounts;
  const app = Fastify();
  const forms = ['application/x-www-form-urlencoded', 'multipart/form-data'];
  app.addContentTypeParser(forms, { parseAs: 'string' }, (_, body, done) => {
    done(null, body);
  });
  const [ofApi, ofMetadata] = [nodeListener(api, mountOf(mounts)), nodeListener(metadata)];
  app.all(`${path}/*`, (request, reply) => {
    reply.hijack();
    ofApi(Object.assign(request.raw, { body: request.body }), reply.raw);
  });
  app.get('/.well-known/*', (request, reply) => {
    reply.hijack();
    ofMetadata(request.raw, reply.raw);
  });
  return startFastify(app, api);
};

async function startFastify(app: FastifyInstance, api: HttpApi): Promise<Running> {
  const guard = nodeGuard(api);
  app.post('/echo', (request, reply) => reply.type('text/plain').send(request.body));
  app.get('/reports', async (request, reply) => {
    const guarded = await guard.admit(request.raw, 'admin');
    if (guarded && 'member' in guarded) return String(guarded.member.user.id);
    reply.hijack();
    if (guarded) send(reply.raw, guarded.refusal);
    return reply;
  });
  return running(await app.listen({ port: 0, host: '127.0.0.1' }), () => app.close());
}

const onKoa =
  (mountApi: (mounts: Mounts) => Koa.Middleware, ...parsers: Koa.Middleware[]): Start =>
  (mounts) => {
    const { api, metadata } = mounts;
    const app = new Koa();
    app.silent = true;
    for (const parser of parsers) app.use(parser);
    app.use(mountApi(mounts));
    app.use(koaApi(metadata));
    const guard = koaGuard(api)('admin');
    app.use(async (ctx, next) => {
      if (ctx.path === '/reports') await guard(ctx, async () => void (ctx.body = String(ctx.state['member'].user.id)));
      else if (ctx.method === 'POST' && ctx.path === '/echo') ctx.body = ctx.req;
      else await next();
    });
    const callback = app.callback();
    return listening((request, response) => void callback(request, response));
  };

const underKoaMount = ({ api, path, trustedProxies }: Mounts): Koa.Middleware =>
  koaMount(path || '/', koaApi(api, { trustedProxies }));

/** Parses JSON, as koa-bodyparser does: into `ctx.request.body`. */
const koaParser: Koa.Middleware = async (ctx, next) => {
  const isJson = ctx.request.is('application/json');
  if (isJson) Object.assign(ctx.request, { body: JSON.parse(await text(ctx.req)) as unknown });
  await next();
};

const onHono: Start = async ({ api, metadata, path, trustedProxies: listed = [] }) => {
  const app = new Hono();
  const proxies = trustedProxies(listed);
  const origin = {
    clientAddress: ({ headers }: Request) =>
      clientAddress('127.0.0.1', headers.get('x-forwarded-for') ?? undefined, proxies),
  };
  const [ofApi, ofMetadata] = [fetchHandler(api, { ...origin, mountPath: path }), fetchHandler(metadata, origin)];
  app.use(`${path}/*`, async (c, next) => (await ofApi(c.req.raw)) ?? next());
  app.use('/.well-known/*', async (c, next) => (await ofMetadata(c.req.raw)) ?? next());
  const guard = fetchGuard(api, origin);
  app.post('/echo', async (c) => c.text(await c.req.text()));
  app.get('/reports', async (c) => {
    const admitted = await guard(c.req.raw, 'admin');
    return admitted instanceof Response ? admitted : c.text(String(admitted.user.id));
  });
  const url = 'http://host.example';
  const request = async (target: string, init: RequestInit = {}) => {
    notes.sent(init);
    return app.request(url + target, init);
  };
  return {
    url,
    listens: false,
    request,
    async statusOf(methodAndTarget, { headers: names = [], body } = {}) {
      const [method = '', target = ''] = methodAndTarget.split(' ');
      const headers = new Headers();
      for (let index = 0; index < names.length; index += 2) headers.append(names[index] ?? '', names[index + 1] ?? '');
      return (await request(target, { method, headers, ...(body !== undefined && { body }) })).status;
    },
    close: async () => {},
  };
};

/** Every host, by its name. */
export const hosts = {
  'node:http': plainNode,
  Express: onExpress(),
  'Express with its parsers': onExpress(express.json(), express.urlencoded()),
  'Fastify with middie': onFastify,
  'a route of Fastify': onFastifyRoute,
  Koa: onKoa((mounts) => koaApi(mounts.api, mountOf(mounts))),
  'koa-mount': onKoa(underKoaMount),
  'Koa with a parser': onKoa(underKoaMount, koaParser),
  Hono: onHono,
} as const satisfies Record<string, Start>;

/** The name of a host. */
export type HostName = keyof typeof hosts;
