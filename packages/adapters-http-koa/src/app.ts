import { randomUUID } from 'node:crypto';
import type { BlockList } from 'node:net';
import { clientAddress, createHttpApi, type HttpApiOptions, trustedProxies } from '@sallyport/http-api';
import { apiRequestOf, splitTarget } from '@sallyport/http-api/node';
import Koa from 'koa';
import type { Context, Middleware, State } from './context.ts';
import { hangUp, respond } from './koa-api.ts';
import { type HttpLog, logRequests } from './request-log.ts';

/** The options of the app: those of the API, and what the server knows of its clients. */
export interface KoaAppOptions extends HttpApiOptions {
  readonly log: HttpLog;
  /** Addresses or CIDR blocks of the proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies?: readonly string[] | undefined;
}

/** Errors of a connection whose client has left. The request's log line shows that by having no status. */
const breaksOff = ['ECONNRESET', 'EPIPE'];

/** The Koa app that serves the API at its root, with a log of its requests. */
export function koaApp(options: KoaAppOptions): Koa<State> {
  const { log } = options;
  const api = createHttpApi(options);
  const koa = new Koa<State>();
  // In the order in which they handle a request.
  koa.use(identify(trustedProxies(options.trustedProxies ?? [])));
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
function identify(proxies: BlockList): Middleware {
  return async (ctx, next) => {
    const address = clientAddress(ctx.req.socket.remoteAddress, ctx.get('X-Forwarded-For'), proxies);
    if (address === undefined) return hangUp(ctx);
    Object.assign(ctx.state, { requestId: randomUUID(), clientAddress: address, observed: {} } satisfies State);
    ctx.set('X-Request-Id', ctx.state.requestId);
    await next();
  };
}
