import type { IncomingMessage } from 'node:http';

type Target = Pick<IncomingMessage, 'url'>;

/** Whether a request asks if this process is alive. It costs next to nothing and waits for no request of another kind. */
export const isLivenessCheck = (request: Target): boolean => pathOf(request) === '/health/live';

/** Whether a request is a load balancer's health check. */
export const isHealthCheck = (request: Target): boolean => pathOf(request).startsWith('/health/');

/**
 * The kind of a request. Each kind gets its share of the turns in a storm: readiness checks, requests with a token, and
 * all others. A login needs no token, so a token that is sent along does not count.
 */
export function kindOf(request: Target & Pick<IncomingMessage, 'headers'>): 'health' | 'member' | 'anyone' {
  if (isHealthCheck(request)) return 'health';
  const bearsToken = request.headers.authorization !== undefined && !pathOf(request).startsWith('/auth/');
  return bearsToken ? 'member' : 'anyone';
}

const pathOf = ({ url = '' }: Target) => url.split(/[?#]/, 1)[0] ?? '';
