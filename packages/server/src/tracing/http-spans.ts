import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Handler } from '@sallyport/hardened-server';
import type { AnsweredRequest } from '@sallyport/http-api';
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { tracer } from './spans.ts';

/** The methods of the semantic conventions. Any other is `_OTHER`. */
const methods = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE']);

/**
 * The same handler, in a span for each request: a child of the caller's span if the request has a `traceparent`. Its
 * attributes are those of the semantic conventions for HTTP servers, without the path, the query and the address.
 */
export function spanningRequests(handler: Handler): Handler {
  return (request, response) => {
    const method = methodOf(request.method);
    const parent = propagation.extract(context.active(), request.headers);
    const span = tracer.startSpan(
      method,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': method } },
      parent,
    );
    response.once('close', () => endWith(span, request, response));
    return context.with(trace.setSpan(parent, span), () => handler(request, response));
  };
}

/** Gives the current span the route of its request, and the code of its refusal. */
export function nameRequest({ method, route, status, code }: AnsweredRequest): void {
  const span = trace.getActiveSpan();
  if (route !== undefined) span?.updateName(`${methodOf(method)} ${route}`).setAttribute('http.route', route);
  if (code === undefined) return;
  span?.setAttribute('sallyport.code', code);
  // By the conventions, a refusal of the client's request is no error of the server.
  if (status >= 500) span?.setAttribute('error.type', code);
}

function endWith(span: Span, request: IncomingMessage, response: ServerResponse): void {
  const isSent = response.writableFinished && !request.socket.destroyed;
  if (isSent) span.setAttribute('http.response.status_code', response.statusCode);
  if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

const methodOf = (method = '') => (methods.has(method) ? method : '_OTHER');
