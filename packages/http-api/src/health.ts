import { isSallyportError, SallyportError } from '@sallyport/core';
import { jsonResponse } from './messages.ts';
import type { Endpoint } from './routes/path-table.ts';

/** Whether this process is alive, and whether it can serve. */
export function healthEndpoints(ready: () => Promise<void>): readonly Endpoint[] {
  return [
    { method: 'GET', path: '/health/live', answer: () => jsonResponse(200, { status: 'live' }) },
    {
      method: 'GET',
      path: '/health/ready',
      async answer() {
        await ready().catch((cause: unknown) => {
          throw isSallyportError(cause) ? cause : new SallyportError('unavailable', { cause });
        });
        return jsonResponse(200, { status: 'ready' });
      },
    },
  ];
}
