import { isSallyportError, SallyportError } from '@sallyport/core';
import { jsonResponse } from './messages.ts';
import type { Endpoint } from './routes/path-table.ts';

/** What readiness depends on. */
export interface Readiness {
  /** Resolves when requests can be served; throws otherwise. */
  readonly ready?: (() => Promise<void>) | undefined;
  /** Whether the host is stopping. */
  readonly isDraining?: (() => boolean) | undefined;
}

/** Whether this process is alive, and whether it can serve. */
export function healthEndpoints({ ready = async () => {}, isDraining = () => false }: Readiness): readonly Endpoint[] {
  const lately = onceInAWhile(ready);
  return [
    { method: 'GET', path: '/health/live', answer: () => jsonResponse(200, { status: 'live' }) },
    {
      method: 'GET',
      path: '/health/ready',
      async answer() {
        if (isDraining()) throw new SallyportError('unavailable');
        await lately().catch((cause: unknown) => {
          throw isSallyportError(cause) ? cause : new SallyportError('unavailable', { cause });
        });
        return jsonResponse(200, { status: 'ready' });
      },
    },
  ];
}

/** Milliseconds for which an answer is repeated. */
const freshness = 1_000;

/** Milliseconds after which an answer is not waited for any more. */
const patience = 3_000;

/**
 * Asks at most once a second, and again only after an answer. Callers in between share the last answer, also if it is a
 * failure. So readiness costs the database one query a second, however many clients ask for it. An answer that takes
 * more than three seconds is a failure.
 *
 * @param now milliseconds of a clock that never goes back
 */
export function onceInAWhile(ask: () => Promise<void>, now = () => performance.now()): () => Promise<void> {
  let last: Promise<void> | undefined;
  let askedAt = 0;
  let isPending = false;
  return () => {
    if (last && (isPending || now() - askedAt < freshness)) return last;
    askedAt = now();
    isPending = true;
    last = inTime((async () => ask())()).finally(() => (isPending = false));
    return last;
  };
}

/** What `answer` comes to, unless that takes too long. */
function inTime(answer: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`No answer within ${patience} ms`)), patience);
    void answer.then(resolve, reject).finally(() => clearTimeout(late));
  });
}
