import { randomUUID } from 'node:crypto';
import { type HttpLog, koaApp, type KoaAppOptions, requestIdOf } from '@sallyport/adapters-http-koa';
import {
  createHardenedServer,
  type Handler,
  type HardenedServer,
  type HardenedServerOptions,
  type Refusal,
  type RefusalAnswer,
  type RefusalReason,
} from '@sallyport/hardened-server';
import {
  clientAddress,
  type HttpErrorCode,
  problemMediaType,
  problemOf,
  problemTypes,
  trustedProxies,
} from '@sallyport/http-api';
import { isHealthCheck, isLivenessCheck, kindOf, perTurn } from './request-kinds.ts';

/** The options of the HTTP server: those of the app, and those of the server below it. */
export interface HttpServerOptions
  extends
    Omit<KoaAppOptions, 'isDraining'>,
    Pick<HardenedServerOptions, 'certificate' | 'timeouts' | 'maxConnections'> {
  /** Puts something around the handling of every request. */
  readonly around?: ((handler: Handler) => Handler) | undefined;
}

/** The API, as the Koa app serves it, on the hardened server. */
export function createHttpServer(options: HttpServerOptions): HardenedServer {
  const { certificate, timeouts, maxConnections, around = (handler) => handler, ...ofApp } = options;
  const { log } = ofApp;
  const app = koaApp({ ...ofApp, isDraining: () => server.isDraining });
  const server: HardenedServer = createHardenedServer({
    handler: around(app.callback()),
    certificate,
    timeouts,
    maxConnections,
    isUrgent: isLivenessCheck,
    isHealthCheck,
    kindOf,
    perTurn,
    answerRefusal: (refusal) => answerRefusal(refusal, log),
    onError: (error) => log.error(error, ''),
  });
  return server;
}

/** How the API presents what the server refuses by itself. */
const refusalCodes: Readonly<Record<RefusalReason, HttpErrorCode>> = {
  malformed: 'malformed_request',
  headers_too_large: 'headers_too_large',
  chunk_extensions_too_large: 'payload_too_large',
  timeout: 'request_timeout',
  tunnel: 'not_implemented',
};

const noProxies = trustedProxies([]);

/** A request with a readable header is already in the log, under its own id, unless it was still waiting. */
function answerRefusal({ reason, status, detail, remoteAddress, response }: Refusal, log: HttpLog): RefusalAnswer {
  const knownId = response && requestIdOf(response);
  const requestId = knownId ?? randomUUID();
  if (knownId === undefined) {
    const ip = clientAddress(remoteAddress, undefined, noProxies);
    const unknown = { method: undefined, route: undefined, userId: undefined };
    log.request({ ...unknown, requestId, status, code: refusalCodes[reason], durationMs: 0, ip });
  }
  return {
    headers: { 'X-Request-Id': requestId, 'Content-Type': problemMediaType },
    body: JSON.stringify(problemOf(problemTypes, refusalCodes[reason], detail, requestId)),
  };
}
