import type { ErrorLog } from '@sallyport/http-api';
import type { Middleware } from './context.ts';

/** The log entry of a request. */
export interface RequestEntry {
  readonly requestId: string;
  /** Absent if the request could not be read. */
  readonly method: string | undefined;
  /** The route's pattern, without the values from the path; absent if no route matched. */
  readonly route: string | undefined;
  /** The status of the answer; absent if the client left before it was sent. */
  readonly status: number | undefined;
  /** The error code of the answer, if it is a refusal. */
  readonly code: string | undefined;
  readonly durationMs: number;
  readonly ip: string | undefined;
  /** The user of the request's token, if its signature is valid. */
  readonly userId: number | undefined;
}

/** The log of the adapter. No entry contains a payload or a secret. */
export interface HttpLog extends ErrorLog {
  request(entry: RequestEntry): void;
}

/** Logs each request once its answer has been sent. */
export function logRequests(log: HttpLog): Middleware {
  return async (ctx, next) => {
    const { observed } = ctx.state;
    const startedAt = performance.now();
    let isSent = false;
    // A response also finishes when its connection is destroyed before the client has read it.
    ctx.res.once('finish', () => (isSent = !ctx.req.socket.destroyed));
    ctx.res.once('close', () => {
      log.request({
        requestId: ctx.state.requestId,
        method: ctx.method,
        route: observed.route,
        status: isSent ? ctx.res.statusCode : undefined,
        code: observed.code,
        durationMs: performance.now() - startedAt,
        ip: ctx.state.clientAddress,
        userId: observed.userId,
      });
    });
    await next();
  };
}
