import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import middie from '@fastify/middie';
import { koaApi, koaGuard } from '@sallyport/adapters-http-koa';
import express from 'express';
import Fastify, { type FastifyInstance } from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import koaMount from 'koa-mount';
import { fetchGuard, fetchHandler } from '../src/fetch/index.ts';
import type { HttpApi, Served } from '../src/index.ts';
import { memberOf, nodeGuard, nodeListener, send } from '../src/node/index.ts';

/** What a host mounts: the API under `/accounts`, and the metadata of its issuer at the root. */
interface Mounts {
  readonly api: HttpApi;
  readonly metadata: Served;
}

/** A host that runs. */
export interface Running {
  request(target: string, init?: RequestInit): Promise<Response>;
  /** The status of a GET request whose target and headers, names and values in turn, are sent as they are. */
  statusOf(target: string, headers?: readonly string[]): Promise<number>;
  close(): Promise<unknown>;
}

/**
 * Starts a host with two routes of its own: `POST /echo`, which sends its body back, and `GET /reports`, which tells
 * admins their own id.
 */
export type Start = (mounts: Mounts) => Promise<Running>;

async function listening(listener: RequestListener): Promise<Running> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return running(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, async () => {
    server.close();
    server.closeAllConnections();
  });
}

function running(url: string, close: Running['close']): Running {
  return {
    request: (target, init) => fetch(url + target, { redirect: 'manual', ...init }),
    async statusOf(target, headers = []) {
      const { hostname, port } = new URL(url);
      const sent = get({ hostname, port, path: target, headers: ['Host', hostname, ...headers] });
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode ?? 0;
    },
    close,
  };
}

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
  const [api, metadata] = [nodeListener(mounts.api, { mountPath: '/accounts' }), nodeListener(mounts.metadata)];
  const routes = plainRoutes(mounts);
  return listening((request, response) =>
    api(request, response, () => metadata(request, response, () => routes(request, response))),
  );
};

const onExpress =
  (...parsers: express.RequestHandler[]): Start =>
  ({ api, metadata }) => {
    const app = express();
    if (parsers.length > 0) app.use(parsers);
    app.use('/accounts', nodeListener(api));
    app.use(nodeListener(metadata));
    app.post('/echo', express.text(), (request, response) => void response.send(request.body));
    app.get('/reports', nodeGuard(api).require('admin'), (request, response) => {
      response.send(String(memberOf(request).user.id));
    });
    return listening(app);
  };

const onFastify: Start = async ({ api, metadata }) => {
  const app = Fastify();
  await app.register(middie);
  app.use('/accounts', nodeListener(api));
  app.use(nodeListener(metadata));
  return startFastify(app, api);
};

/** Without middie, Fastify has parsed the body before a route sees the request. */
const onFastifyRoute: Start = async ({ api, metadata }) => {
  const app = Fastify();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) => {
    done(null, body);
  });
  const [ofApi, ofMetadata] = [nodeListener(api, { mountPath: '/accounts' }), nodeListener(metadata)];
  app.all('/accounts/*', (request, reply) => {
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
  (mountApi: (api: HttpApi) => Koa.Middleware, ...parsers: Koa.Middleware[]): Start =>
  ({ api, metadata }) => {
    const app = new Koa();
    app.silent = true;
    for (const parser of parsers) app.use(parser);
    app.use(mountApi(api));
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

/** Parses JSON, as koa-bodyparser does: into `ctx.request.body`. */
const koaParser: Koa.Middleware = async (ctx, next) => {
  const isJson = ctx.request.is('application/json');
  if (isJson) Object.assign(ctx.request, { body: JSON.parse(await text(ctx.req)) as unknown });
  await next();
};

const onHono: Start = async ({ api, metadata }) => {
  const app = new Hono();
  const origin = { clientAddress: () => '127.0.0.1' };
  const [ofApi, ofMetadata] = [
    fetchHandler(api, { ...origin, mountPath: '/accounts' }),
    fetchHandler(metadata, origin),
  ];
  app.use('/accounts/*', async (c, next) => (await ofApi(c.req.raw)) ?? next());
  app.use('/.well-known/*', async (c, next) => (await ofMetadata(c.req.raw)) ?? next());
  const guard = fetchGuard(api, origin);
  app.post('/echo', async (c) => c.text(await c.req.text()));
  app.get('/reports', async (c) => {
    const admitted = await guard(c.req.raw, 'admin');
    return admitted instanceof Response ? admitted : c.text(String(admitted.user.id));
  });
  return {
    request: async (target, init) => app.request(`http://host.example${target}`, init),
    async statusOf(target, names = []) {
      const headers = new Headers();
      for (let index = 0; index < names.length; index += 2) headers.append(names[index] ?? '', names[index + 1] ?? '');
      return (await app.request(`http://host.example${target}`, { headers })).status;
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
  Koa: onKoa((api) => koaApi(api, { mountPath: '/accounts' })),
  'koa-mount': onKoa((api) => koaMount('/accounts', koaApi(api))),
  'Koa with a parser': onKoa((api) => koaMount('/accounts', koaApi(api)), koaParser),
  Hono: onHono,
} as const satisfies Record<string, Start>;

/** The name of a host. */
export type HostName = keyof typeof hosts;
