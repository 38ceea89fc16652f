import type { Sql } from '@sallyport/adapters-postgres';
import type { ContainerModule } from 'inversify';
import { allUseCases, calledBy } from '../wiring/all-use-cases.ts';
import { wrap } from '../wiring/provide.ts';
import { parts } from '../wiring/tokens.ts';
import { nameRequest, spanningRequests } from './http-spans.ts';
import { flushSpans, inSpan } from './spans.ts';
import { spanningSql } from './sql-spans.ts';

/** The spans of a server, for OpenTelemetry. */
export interface Tracing {
  /** Put around the parts of the server. */
  readonly modules: readonly ContainerModule[];
  readonly aroundSql: (sql: Sql) => Sql;
  /** Exports the last spans; resolves within two seconds. */
  readonly flush: () => Promise<void>;
}

/** A span for each request, and children for the use cases, transactions and statements that it takes. */
export const tracing: Tracing = {
  modules: [
    wrap(parts.httpOptions, (options) => ({ ...options, around: spanningRequests, onResponse: nameRequest })),
    ...allUseCases.map(({ name, token }) => wrap(token, (inner) => calledBy(inner, (call) => inSpan(name, {}, call)))),
  ],
  aroundSql: spanningSql,
  flush: flushSpans,
};
