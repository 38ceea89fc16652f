import type { IncomingMessage } from 'node:http';

type Target = Pick<IncomingMessage, 'url'>;

/** Whether a request asks if this process is alive. It costs next to nothing and waits for no request of another kind. */
export const isLivenessCheck = (request: Target): boolean =>
  isHealthCheck(request) && request.url?.split(/[?#]/, 1)[0] === '/health/live';

/** Whether a request is a load balancer's health check. */
export const isHealthCheck = (request: Target): boolean => isUnder('/health/', request);

type Kind = 'health' | 'member' | 'anyone';

/**
 * The kind of a request. Each kind gets its share of the turns in a storm: readiness checks, requests with a token, and
 * all others. A login needs no token, so a token that is sent along does not count.
 */
export function kindOf(request: Target & Pick<IncomingMessage, 'headers'>): Kind {
  if (isHealthCheck(request)) return 'health';
  const bearsToken = request.headers.authorization !== undefined && !isUnder('/auth/', request);
  return bearsToken ? 'member' : 'anyone';
}

/**
 * How many waiting requests of a kind begin in a turn. Those with a token first verify it, a fraction of a millisecond
 * at most, and then look their sessions up. Those of a turn share one statement.
 */
export const perTurn = (kind: string): number => (kind === ('member' satisfies Kind) ? 16 : 1);

const isUnder = (path: string, { url = '' }: Target) => url.startsWith(path);
