import type { HttpLog } from '@sallyport/adapters-http-koa';
import pino, { type DestinationStream, type Logger } from 'pino';

/** A log of one JSON object a line. */
export function createLog(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: toEntry } },
    destination,
  );
}

/** What the HTTP adapter tells, as lines of the log. */
export function httpLog(log: Logger): HttpLog {
  return {
    request: ({ durationMs, ...entry }) =>
      log.info({ ...entry, durationMs: Math.round(durationMs * 10) / 10 }, 'request'),
    error: (err, requestId) => log.error({ err, requestId }, 'error'),
  };
}

/** An error's own words and origin. Other fields, such as a driver's, may hold what a client sent. */
function toEntry(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: 'Something that is no Error was thrown' };
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause !== undefined && { cause: toEntry(cause) }) };
}
