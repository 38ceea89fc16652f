import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import {
  clientAddress,
  createHttpApi,
  type HttpApiOptions,
  type TrustedProxies,
  trustedProxies,
} from '@sallyport/http-api';
import { apiRequestOf, send, splitTarget } from '@sallyport/http-api/node';
import Koa from 'koa';
import type { Context, Middleware, State } from './context.ts';
import { hangUp } from './koa-api.ts';
import { type HttpLog, logRequests } from './request-log.ts';

/** The options of the app: those of the API, and what the server knows of its clients. */
export interface KoaAppOptions extends HttpApiOptions {
  readonly log: HttpLog;
  /** Addresses or CIDR blocks of the proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies?: readonly string[] | undefined;
}

const requestIds = new WeakMap<ServerResponse, string>();

/** The id of the request that a response belongs to, if an app of `koaApp` has received it. */
export const requestIdOf = (response: ServerResponse): string | undefined => requestIds.get(response);

/** Errors of a connection whose client has left. The request's log line shows that by having no status. */
const breaksOff = ['ECONNRESET', 'EPIPE'];

/** The Koa app that serves the API at its root, with a log of its requests. */
export function koaApp(options: KoaAppOptions): Koa<State> {
  const { trustedProxies: cidrs = [], ...ofApi } = options;
  const { log } = ofApi;
  const api = createHttpApi(ofApi);
  const koa = new Koa<State>();
  // In the order in which they handle a request.
  koa.use(identify(trustedProxies(cidrs)));
  koa.use(logRequests(log));
  koa.use(async (ctx) => {
    const { requestId, clientAddress: address, observed } = ctx.state;
    const { path, query } = splitTarget(ctx.req.url ?? '');
    // The app has no other middleware that could change the answer, so it is sent as it is.
    ctx.respond = false;
    send(
      ctx.res,
      await api.answer(apiRequestOf(ctx.req, { path, query, clientAddress: address, requestId, observed })),
    );
  });
  koa.on('error', (error: NodeJS.ErrnoException, ctx?: Context) => {
    if (!breaksOff.includes(error.code ?? '')) log.error(error, ctx?.state.requestId ?? '');
  });
  return koa;
}

/** Gives each request an id of the server's own. An id from the client could forge the log. */
function identify(proxies: TrustedProxies): Middleware {
  return async (ctx, next) => {
    const forwardedFor = ctx.req.headers['x-forwarded-for'];
    const address = clientAddress(ctx.req.socket.remoteAddress, forwardedFor?.toString(), proxies);
    if (address === undefined) return hangUp(ctx);
    ctx.state = { requestId: randomUUID(), clientAddress: address, observed: {} };
    requestIds.set(ctx.res, ctx.state.requestId);
    await next();
  };
}
