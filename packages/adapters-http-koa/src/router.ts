import type { Application, Caller, Page } from '@sallyport/core';
import type Router from '@koa/router';
import type * as v from 'valibot';
import type { Context, Fields, Middleware, State } from './context.ts';
import { isRefusedBearer, verifyBearer } from './authentication.ts';
import { readBody } from './body.ts';
import { answerOAuthErrors } from './error-answers.ts';
import type { HttpLog } from './request-log.ts';
import { answersNothing, hasBody, pageItem, type Route } from './route.ts';
import { routesUnder } from './routes.ts';
import { fromWire, toWire, toWireName } from './wire.ts';

/** Adds the routes of the table, each a list of steps. */
export function addApiRoutes(router: Router<State>, application: Application, log: HttpLog, basePath: string): void {
  for (const route of routesUnder(application.policy)) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    router.register(path, [route.method], steps(application, log, route, basePath));
  }
}

function steps(application: Application, log: HttpLog, route: Route, basePath: string): Middleware[] {
  const isOAuth = route.style === 'oauth';
  return [
    nameRoute(route),
    ...(route.bearer === 'ignored' ? [] : [verifyBearer(application, route.bearer)]),
    ...(isOAuth ? [answerOAuthErrors(log, route.bearer)] : []),
    ...(hasBody(route) ? [readBody(isOAuth ? 'form' : 'json')] : []),
    run(application, route, basePath),
  ];
}

function nameRoute(route: Route): Middleware {
  return (ctx, next) => {
    ctx.state.route = route.path;
    return next();
  };
}

function run(application: Application, route: Route, basePath: string): Middleware {
  const item = pageItem(route.output);
  return async (ctx) => {
    const { query } = ctx;
    const path = ctx['params'] as Record<string, string>;
    const inputFrom = (body: Fields | undefined) => fromWire(route.input, { path, query, body });
    const inputOf = () => {
      const body = ctx.state.body?.();
      return body instanceof Promise ? body.then(inputFrom) : inputFrom(body);
    };
    const output = await runAs(ctx.state.caller, (caller) => route.run(application, caller, inputOf), route);

    ctx.status = route.status;
    ctx.set('Cache-Control', 'no-store');
    if (item) answerPage(ctx, route, output as Page<unknown, number | string>, item, basePath);
    else if (!answersNothing(route)) ctx.body = toWire(route.output, output);
    else if (route.status !== 204) ctx.body = '';
  };
}

/** If a token is optional and does not authenticate a member, the caller is anonymous. */
async function runAs(
  caller: Context['state']['caller'],
  act: (caller: Caller) => Promise<unknown>,
  { bearer }: Route,
): Promise<unknown> {
  try {
    return await act(caller);
  } catch (error) {
    if (bearer !== 'optional' || !isRefusedBearer(error)) throw error;
    const { ip, userAgent, requestId } = caller;
    return act({ ip, userAgent, requestId });
  }
}

/**
 * Answers with a bare array. If more items follow, a `Link` header leads to them (RFC 8288). The link is relative: the
 * Host header is never used. It repeats only parameters of the route, since a client may have put a token into another
 * one.
 */
function answerPage(
  ctx: Context,
  { input }: Route,
  { items, next }: Page<unknown, number | string>,
  item: v.GenericSchema,
  basePath: string,
): void {
  ctx.body = items.map((element) => toWire(item, element));
  if (next === undefined) return;
  const known = new Set(Object.keys(input.entries).map(toWireName));
  known.delete('skip');
  const query = new URLSearchParams([...new URLSearchParams(ctx.querystring)].filter(([name]) => known.has(name)));
  query.set('after', String(next));
  ctx.set('Link', `<${basePath}${ctx.path}?${query.toString()}>; rel="next"`);
}
