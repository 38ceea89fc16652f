import { randomUUID } from 'node:crypto';
import { type Application, SallyportError } from '@sallyport/core';
import { clientAddress, createHttpApi, type HttpModule, trustedProxies } from '@sallyport/http-api';
import { apiRequestOf, splitTarget } from '@sallyport/http-api/node';
import Koa from 'koa';
import type { Context, Middleware, State } from './context.ts';
import { hangUp, respond } from './koa-api.ts';
import { peerOf } from './peer.ts';
import { type HttpLog, logRequests } from './request-log.ts';

/** The options of the app. */
export interface HttpOptions {
  readonly application: Application;
  /** Features besides those of the core. */
  readonly modules?: readonly HttpModule[] | undefined;
  /** Resolves when requests can be served; throws otherwise. */
  readonly ready: () => Promise<void>;
  readonly log: HttpLog;
  /** Other origins whose pages may call. If there are none, no CORS header is sent. */
  readonly corsOrigins: readonly string[];
  /** Addresses or CIDR blocks of the proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[];
  /**
   * The public URL of this server, without a slash at its end. Your proxy must strip any path. With https, browsers are
   * told to use nothing else.
   */
  readonly publicUrl: string;
}

/** Errors of a connection whose client has left. The request's log line shows that by having no status. */
const breaksOff = ['ECONNRESET', 'EPIPE'];

/** The Koa application that answers every request. The middleware is in the order in which it handles a request. */
export function createKoa(options: HttpOptions, isDraining: () => boolean): Koa<State> {
  const { log, ready } = options;
  const api = createHttpApi({
    ...options,
    async ready() {
      if (isDraining()) throw new SallyportError('unavailable');
      await ready();
    },
  });
  const koa = new Koa<State>();
  koa.use(identify(options, isDraining));
  koa.use(logRequests(log));
  koa.use(async (ctx) => {
    const mounted = { ...splitTarget(ctx.req.url ?? ''), ...ctx.state };
    respond(ctx, await api.answer(apiRequestOf(ctx.req, mounted)));
  });
  koa.on('error', (error: NodeJS.ErrnoException, ctx?: Context) => {
    if (!breaksOff.includes(error.code ?? '')) log.error(error, ctx?.state.requestId ?? '');
  });
  return koa;
}

/** Gives each request an id of the server's own. An id from the client could forge the log. */
function identify({ trustedProxies: cidrs }: HttpOptions, isDraining: () => boolean): Middleware {
  const proxies = trustedProxies(cidrs);
  return async (ctx, next) => {
    const address = clientAddress(peerOf(ctx.req.socket)?.address, ctx.get('X-Forwarded-For'), proxies);
    if (address === undefined) return hangUp(ctx);
    Object.assign(ctx.state, { requestId: randomUUID(), clientAddress: address, observed: {} } satisfies State);
    ctx.set('X-Request-Id', ctx.state.requestId);
    if (isDraining()) ctx.set('Connection', 'close');
    await next();
    if (isDraining()) ctx.set('Connection', 'close');
  };
}
