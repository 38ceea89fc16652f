import { setTimeout as delay } from 'node:timers/promises';
import { isSallyportError } from '@sallyport/core';
import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

export const tracer = trace.getTracer('sallyport');

/** Codes of the core that are failures of the server, and not refusals of a caller. */
const failures = ['unavailable'];

/**
 * Runs `work` in a span, as a child of the current one. Work that belongs to no request, such as a look for mails every
 * second, has no span. The span names the code of an error and never its message, which may contain input.
 */
export async function inSpan<Result>(
  name: string,
  { kind = SpanKind.INTERNAL, attributes = {} }: { readonly kind?: SpanKind; readonly attributes?: Attributes },
  work: () => Promise<Result>,
): Promise<Result> {
  if (!trace.getActiveSpan()) return work();
  const span = tracer.startSpan(name, { kind, attributes });
  try {
    return await context.with(trace.setSpan(context.active(), span), work);
  } catch (error) {
    noteError(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Milliseconds that a stop waits for the SDK to export what it has. */
const flushPatience = 2_000;

/** A provider of the SDK. The API alone has nothing to flush. */
interface Flushable {
  forceFlush?(): Promise<void>;
}

interface Delegating {
  getDelegate(): Flushable;
}

/** Has the SDK export the spans that it keeps. */
export async function flushSpans(): Promise<void> {
  const provider = trace.getTracerProvider();
  // What the API hands out stands in for the provider that was registered.
  const sdk = 'getDelegate' in provider ? (provider as Delegating).getDelegate() : provider;
  const over = new AbortController();
  const late = delay(flushPatience, undefined, { signal: over.signal }).catch(() => {});
  await Promise.race([(sdk as Flushable).forceFlush?.().catch(() => {}), late]);
  over.abort();
}

function noteError(span: Span, error: unknown): void {
  const code = isSallyportError(error) ? error.code : undefined;
  span.setAttribute('error.type', code ?? nameOf(error));
  if (code === undefined || failures.includes(code)) span.setStatus({ code: SpanStatusCode.ERROR });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '_OTHER';
}
