import { parse as parseQuery } from 'node:querystring';
import { type Anyone, type Application, type Bearer, type Caller, type Page, SallyportError } from '@sallyport/core';
import { type ParseBody, receiveBody } from '../body/body.ts';
import { bearerToken, isRefusedBearer, originOf } from '../callers/bearer.ts';
import { type ApiRequest, type ApiResponse, jsonResponse, notStored } from '../messages.ts';
import { answerOAuthError } from '../oauth/errors.ts';
import type { ErrorLog } from '../problems/error-log.ts';
import { inputReader } from '../wire/input.ts';
import { toWireName } from '../wire/names.ts';
import { outputWriter } from '../wire/output.ts';
import type { Endpoint, PathParameters } from './path-table.ts';
import { answersNothing, hasBody, pageItem, type Route } from './route.ts';

/** What the endpoints of routes share. */
export interface RouteSurroundings {
  readonly application: Application;
  readonly log: ErrorLog;
  /** The path of the public URL, without a slash at its end. */
  readonly basePath: string;
}

/** The endpoint of a route: a list of steps. What depends on the route alone is prepared once. */
export function routeEndpoint(route: Route, { application, log, basePath }: RouteSurroundings): Endpoint {
  const { method, path, bearer } = route;
  const isOAuth = route.style === 'oauth';
  const bodyKind = isOAuth ? 'form' : 'json';
  const readsBody = hasBody(route);
  const readInput = inputReader(route.input);
  const toResponse = responseWriter(route, basePath);

  function act(request: ApiRequest, caller: Anyone | Bearer, parameters: PathParameters): Promise<ApiResponse> {
    if (!readsBody) return actOn(request, caller, parameters);
    return receiveBody(request, bodyKind, (parseBody) => actOn(request, caller, parameters, parseBody));
  }

  async function actOn(
    request: ApiRequest,
    caller: Anyone | Bearer,
    parameters: PathParameters,
    parseBody?: ParseBody,
  ): Promise<ApiResponse> {
    const query = readsBody || request.query === '' ? {} : parseQuery(request.query);
    const inputOf = () => {
      const body = parseBody?.();
      if (body instanceof Promise) return body.then((fields) => readInput({ path: parameters, query, body: fields }));
      return readInput({ path: parameters, query, body });
    };
    const run = (as: Caller) => route.run(application, as, inputOf);
    return toResponse(request, bearer === 'optional' ? await runAsReader(run, caller) : await run(caller));
  }

  return {
    method,
    path,
    async answer(request, parameters) {
      const caller = bearer === 'ignored' ? originOf(request) : await verifyBearer(application, request, bearer);
      if (!isOAuth) return act(request, caller, parameters);
      try {
        return await act(request, caller, parameters);
      } catch (error) {
        // An invalid bearer token is refused as on other routes, and an invalid form as OAuth defines it.
        if (bearer === 'required' && isRefusedBearer(error)) throw error;
        return answerOAuthError(error, request, log);
      }
    },
  };
}

/**
 * Checks the signature of the token before the body is read. Session and user are read after the body has arrived, when
 * the use case is called, so that a slow body cannot outlast a logout.
 */
async function verifyBearer(
  application: Application,
  request: ApiRequest,
  rule: 'required' | 'optional',
): Promise<Anyone | Bearer> {
  const origin = originOf(request);
  try {
    const accessToken = bearerToken(request.header('authorization'));
    if (accessToken === undefined) {
      if (rule === 'optional') return origin;
      throw new SallyportError('not_authenticated');
    }
    const bearer = await application.verifyAccessToken.execute(origin, { accessToken });
    if (request.observed) request.observed.userId = bearer.userId;
    return bearer;
  } catch (error) {
    if (rule === 'optional' && isRefusedBearer(error)) return origin;
    throw error;
  }
}

/** If a token is optional and does not authenticate a member, the caller is anonymous. */
async function runAsReader(act: (caller: Caller) => Promise<unknown>, caller: Anyone | Bearer): Promise<unknown> {
  try {
    return await act(caller);
  } catch (error) {
    if (!isRefusedBearer(error)) throw error;
    const { ip, userAgent, locales, requestId } = caller;
    return act({ ip, userAgent, locales, requestId });
  }
}

/** A function that answers with the output of a route. */
function responseWriter(route: Route, basePath: string): (request: ApiRequest, output: unknown) => ApiResponse {
  const { status } = route;
  if (status === 204) return () => ({ status, headers: notStored });
  if (answersNothing(route)) {
    const headers = { ...notStored, 'Content-Type': 'text/plain; charset=utf-8' };
    return () => ({ status, headers, body: '' });
  }
  const item = pageItem(route.output);
  if (!item) {
    const write = outputWriter(route.output);
    return (_, output) => jsonResponse(status, write(output), notStored);
  }
  const writeItem = outputWriter(item);
  const linked = new Set(Object.keys(route.input.entries).map(toWireName));
  linked.delete('skip');
  return (request, output) => {
    const { items, next } = output as Page<unknown, number | string>;
    const link = next !== undefined && { Link: linkToNext(request, basePath, linked, next) };
    return jsonResponse(status, items.map(writeItem), { ...notStored, ...link });
  };
}

/**
 * The link to the next page (RFC 8288). It is relative: the Host header is never used. It repeats only parameters of
 * the route, since a client may have put a token into another one.
 */
function linkToNext(
  { path, query }: ApiRequest,
  basePath: string,
  linked: ReadonlySet<string>,
  next: number | string,
): string {
  const parameters = new URLSearchParams([...new URLSearchParams(query)].filter(([name]) => linked.has(name)));
  parameters.set('after', String(next));
  return `<${basePath}${path}?${parameters.toString()}>; rel="next"`;
}
