import type { IncomingMessage, Server } from 'node:http';
import type { Timeouts } from './timeouts.ts';

/** Resolves once no more requests arrive, health checks aside, or after the time for retiring. */
export function untilQuiet(
  server: Server,
  { quiet, retire }: Timeouts,
  isHealthCheck: (request: IncomingMessage) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const silence = setTimeout(end, quiet);
    const late = setTimeout(end, retire);
    server.on('request', wait);

    function wait(request: IncomingMessage): void {
      if (!isHealthCheck(request)) silence.refresh();
    }
    function end(): void {
      clearTimeout(silence);
      clearTimeout(late);
      server.off('request', wait);
      resolve();
    }
  });
}
