import type { HttpLog } from '@sallyport/adapters-http-koa';
import pino, { type DestinationStream, type Logger } from 'pino';

/** Lines that are written together: as many bytes as fill a pipe's page, or those of so many milliseconds. */
const together = { minLength: 4096, periodicFlush: 50 };

/**
 * Standard output. A server that wrote each line by itself would spend a tenth of its time on that. What is still
 * waiting is written when the process exits, unless it is killed.
 */
function standardOutput(): DestinationStream {
  output ??= openOutput(1);
  return output;
}

let output: DestinationStream | undefined;

/** From now on, logs that are created go to standard error: standard output is for what a command prints. */
export function logToStandardError(): void {
  output = openOutput(2);
}

function openOutput(descriptor: 1 | 2): DestinationStream {
  const opened = pino.destination({ dest: descriptor, sync: true, ...together });
  process.once('exit', () => opened.flushSync());
  return opened;
}

/** A log with one JSON object per line. */
export function createLog(level: string, destination: DestinationStream = standardOutput()): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: toEntry } },
    destination,
  );
}

/** Writes what the HTTP adapter reports to the log. */
export function httpLog(log: Logger): HttpLog {
  return {
    request: ({ durationMs, ...entry }) =>
      log.info({ ...entry, durationMs: Math.round(durationMs * 10) / 10 }, 'request'),
    error: (err, requestId) => log.error({ err, requestId }, 'error'),
  };
}

/** The message and the stack of an error. Other fields, such as a driver's, may contain a client's input. */
function toEntry(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: 'Something that is no Error was thrown' };
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause !== undefined && { cause: toEntry(cause) }) };
}
