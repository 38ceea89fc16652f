import { randomUUID } from 'node:crypto';
import cors from '@koa/cors';
import type { Application } from '@sallyport/core';
import Koa from 'koa';
import helmet from 'koa-helmet';
import { originOf } from './authentication.ts';
import { basePathOf } from './base-path.ts';
import { trustedProxies } from './client-address.ts';
import type { Context, Middleware, State } from './context.ts';
import { addDocsRoutes } from './docs-page.ts';
import { answerEmptyErrors, answerErrors } from './error-answers.ts';
import { exactRouter } from './exact-router.ts';
import { addHealthRoutes } from './health.ts';
import { addLinkPages } from './pages.ts';
import { refuseHostileHeaders } from './request-headers.ts';
import { type HttpLog, logRequests } from './request-log.ts';
import { addApiRoutes } from './router.ts';
import { addWellKnownRoutes } from './well-known.ts';

/** The options of the HTTP adapter. */
export interface HttpOptions {
  readonly application: Application;
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

/** The Koa application. The middleware is in the order in which it handles a request. */
export function createKoa(options: HttpOptions, isDraining: () => boolean): Koa<State> {
  const koa = new Koa<State>();
  koa.use(identify(options, isDraining));
  koa.use(logRequests(options.log));
  koa.use(securityHeaders(options.publicUrl.startsWith('https:')));
  koa.use(answerErrors(options.log));
  koa.use(answerEmptyErrors);
  koa.use(refuseHostileHeaders);
  if (options.corsOrigins.length > 0) koa.use(allowOrigins(options.corsOrigins));

  const router = exactRouter();
  const basePath = basePathOf(options.publicUrl);
  addApiRoutes(router, options.application, options.log, basePath);
  addHealthRoutes(router, options.ready, isDraining);
  addDocsRoutes(router, options.application.policy, basePath);
  addWellKnownRoutes(router, options.application, options.publicUrl);
  addLinkPages(router, options.application, options.log);
  koa.use(router.routes());
  koa.use(router.allowedMethods());
  koa.on('error', (error: NodeJS.ErrnoException, ctx?: Context) => {
    if (!breaksOff.includes(error.code ?? '')) options.log.error(error, ctx?.state.requestId ?? '');
  });
  return koa;
}

/** Gives each request an id of the server's own. An id from the client could forge the log. */
function identify({ trustedProxies: cidrs }: HttpOptions, isDraining: () => boolean): Middleware {
  const proxies = trustedProxies(cidrs);
  return async (ctx, next) => {
    ctx.state.requestId = randomUUID();
    ctx.state.caller = originOf(ctx, proxies);
    ctx.set('X-Request-Id', ctx.state.requestId);
    if (isDraining()) ctx.set('Connection', 'close');
    await next();
    if (isDraining()) ctx.set('Connection', 'close');
  };
}

function securityHeaders(secure: boolean): Middleware {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
    },
    hsts: secure,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
}

function allowOrigins(origins: readonly string[]): Middleware {
  return cors({
    origin: (ctx) => {
      const origin = ctx.get('Origin');
      return origins.includes(origin) ? origin : '';
    },
    allowMethods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type'],
    exposeHeaders: ['Link', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'WWW-Authenticate', 'X-Request-Id'],
    maxAge: 600,
  });
}
