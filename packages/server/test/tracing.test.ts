import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { replace, useCaseTokens } from '../src/index.ts';
import { isTraced } from '../src/tracing/is-traced.ts';
import { connectRaw, sendRaw } from './raw-socket.ts';
import { eachInADirectory } from './sallyport-process.ts';
import { member, type Person, startServer, type TestServer } from './start-server.ts';

const exporter = new InMemorySpanExporter();
let server: TestServer;
let ada: Person;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  const broken = {
    execute: () => Promise.reject(new Error('Marker')),
    attempt: () => Promise.reject(new Error('Marker')),
  };
  server = await startServer('Postgres', { overrides: [replace(useCaseTokens.listUsers, broken)] });
  ada = await member(server, 'Ada');
});
afterAll(async () => {
  await server.close();
  trace.disable();
  context.disable();
  propagation.disable();
});
beforeEach(() => exporter.reset());

/** The span of the next request, once it has ended, and every other one. */
async function spansOf(send: () => Promise<unknown>) {
  await send();
  return vi.waitFor(() => {
    const spans = exporter.getFinishedSpans();
    const request = spans.find(({ kind }) => kind === SpanKind.SERVER);
    if (!request) throw new Error('The request has no span');
    return { request, spans };
  });
}

const parentIn = (spans: readonly ReadableSpan[], { parentSpanContext }: ReadableSpan) =>
  spans.find((span) => span.spanContext().spanId === parentSpanContext?.spanId)?.name;

describe('The span of a request', () => {
  it('names the method and the route, and nothing that the client chose', async () => {
    const { request, spans } = await spansOf(() => server.request(`GET /users/${ada.id}?marker`, { token: ada.token }));
    expect(request.name).toBe('GET /users/{id}');
    expect(request.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/users/{id}',
      'http.response.status_code': 200,
    });
    expect(request.status.code).toBe(SpanStatusCode.UNSET);
    expect(JSON.stringify(spans.map(({ name, attributes, events }) => [name, attributes, events]))).not.toContain(
      'marker',
    );
  });

  it.each([
    ['GET /users/me', 'GET /users/me', { 'http.response.status_code': 401, 'sallyport.code': 'not_authenticated' }],
    ['GET /marker', 'GET', { 'http.response.status_code': 404, 'sallyport.code': 'not_found' }],
  ])('has the code of the refusal of %s, which is no error of the server', async (sent, name, attributes) => {
    const { request } = await spansOf(() => server.request(sent));
    expect(request.name).toBe(name);
    expect(request.attributes).toMatchObject(attributes);
    expect(request.attributes).not.toHaveProperty('error.type');
    expect(request.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('is marked as an error if the server fails, without the message', async () => {
    const { request, spans } = await spansOf(() => server.request('GET /users', { token: ada.token }));
    expect(request.attributes).toMatchObject({ 'http.response.status_code': 500, 'error.type': 'internal_error' });
    expect(request.status).toEqual({ code: SpanStatusCode.ERROR });
    const useCase = spans.find(({ name }) => name === 'listUsers');
    expect(useCase).toMatchObject({ attributes: { 'error.type': 'Error' }, status: { code: SpanStatusCode.ERROR } });
    expect(spans.flatMap(({ events }) => events)).toEqual([]);
  });

  it('has the method _OTHER if the conventions do not know it', async () => {
    const head = 'PROPFIND /users HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    const { request } = await spansOf(() => sendRaw(server.url, head));
    expect([request.name, request.attributes['http.request.method']]).toEqual(['_OTHER', '_OTHER']);
  });

  it('ends without a status if the client leaves before the answer', async () => {
    const { request } = await spansOf(async () => {
      const { write, reset } = connectRaw(server.url);
      write('POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{');
      await new Promise((resolve) => setTimeout(resolve, 50));
      reset();
    });
    expect(request.attributes).not.toHaveProperty('http.response.status_code');
  });

  it('is a child of the span that traceparent names', async () => {
    const [traceId, spanId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
    const headers = { traceparent: `00-${traceId}-${spanId}-01` };
    const { request } = await spansOf(() => server.request('GET /health/live', { headers }));
    expect(request.spanContext().traceId).toBe(traceId);
    expect(request.parentSpanContext?.spanId).toBe(spanId);
  });

  it('has the use case, the transaction and the statements of the request below it', async () => {
    const { spans } = await spansOf(() =>
      server.request('PATCH /users/me', { token: ada.token, json: { name: 'Ada King' } }),
    );
    const find = (name: string) => spans.filter((span) => span.name === name);
    const [useCase] = find('updateProfile');
    const [transaction] = find('TRANSACTION');
    expect(useCase && parentIn(spans, useCase)).toBe('PATCH /users/me');
    expect(transaction && parentIn(spans, transaction)).toBe('updateProfile');
    const updates = find('UPDATE').map((span) => [parentIn(spans, span), span.attributes]);
    expect(updates).toContainEqual([
      'TRANSACTION',
      {
        'db.system.name': 'postgresql',
        'db.operation.name': 'UPDATE',
        'db.query.text': expect.stringMatching(/^\s*update .*\$1/s),
      },
    ]);
    expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toContain('Ada');
  });
});

it('An SDK is noticed once it is registered', () => {
  expect(isTraced()).toBe(true);
});

it('Work in the background has no spans', async () => {
  await server.sendMails();
  expect(exporter.getFinishedSpans()).toEqual([]);
});

describe('A server that is started with an SDK', () => {
  const { path, serve } = eachInADirectory();

  it('exports its spans, also the last ones when it stops', async () => {
    const telemetry = fileURLToPath(new URL('fixtures/telemetry.mjs', import.meta.url));
    const traced = serve({
      DATABASE_URL: 'memory:',
      NODE_OPTIONS: `--import ${telemetry}`,
      SPANS_FILE: path('spans'),
    });
    const url = await traced.url;
    await fetch(`${url}/health/live`);
    expect(await traced.stop()).toMatchObject({ code: 0 });
    const spans = (await readFile(path('spans'), 'utf8')).trim().split('\n');
    expect(spans.map((line): unknown => JSON.parse(line))).toContainEqual({
      name: 'GET /health/live',
      attributes: { 'http.request.method': 'GET', 'http.route': '/health/live', 'http.response.status_code': 200 },
    });
  });
});
