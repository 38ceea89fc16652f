import type { Middleware } from './context.ts';

/** One request, as the log tells it. */
export interface RequestEntry {
  readonly requestId: string;
  /** Absent when the request could not be read. */
  readonly method: string | undefined;
  /** The route's pattern, without what stood in the path; absent where no route matched. */
  readonly route: string | undefined;
  /** What was answered; absent when the client left before. */
  readonly status: number | undefined;
  readonly durationMs: number;
  readonly ip: string | undefined;
  /** The user that the request's token names, if its signature is valid. */
  readonly userId: number | undefined;
}

/** Where the adapter tells what happens. Nothing that it tells holds a payload or a secret. */
export interface HttpLog {
  request(entry: RequestEntry): void;
  /** An error that nobody expected, or the cause of an `unavailable`. */
  error(error: unknown, requestId: string): void;
}

/** Tells the log of each request once its answer has left. */
export function logRequests(log: HttpLog): Middleware {
  return async (ctx, next) => {
    const startedAt = performance.now();
    let isSent = false;
    // A response also finishes when its connection is destroyed before the client has read it.
    ctx.res.once('finish', () => (isSent = !ctx.req.socket.destroyed));
    ctx.res.once('close', () => {
      log.request({
        requestId: ctx.state.requestId,
        method: ctx.method,
        route: ctx.state.route,
        status: isSent ? ctx.res.statusCode : undefined,
        durationMs: performance.now() - startedAt,
        ip: ctx.state.caller.ip,
        userId: 'userId' in ctx.state.caller ? ctx.state.caller.userId : undefined,
      });
    });
    await next();
  };
}
