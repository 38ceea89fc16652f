import type { IncomingMessage, RequestListener } from 'node:http';

type Begin = () => void;

/**
 * Begins one request in each turn of the event loop, except health checks, which begin at once. Otherwise a storm of
 * logins would begin all at once and keep every other request waiting. Requests with a token and requests without one
 * take turns, each kind in the order of arrival. So a storm of one kind leaves every second turn to the other.
 *
 * It expects one request of a connection at a time, as `inOrder` passes them on.
 */
export function inTurns(handle: RequestListener): RequestListener {
  const bearing = new Set<Begin>();
  const others = new Set<Begin>();
  let [current, upcoming] = [bearing, others];
  let isTaken = false;

  function next(): void {
    [current, upcoming] = [upcoming, current];
    const [begin] = current.size > 0 ? current : upcoming;
    isTaken = begin !== undefined;
    if (!begin) return;
    setImmediate(next);
    begin();
  }

  return (request, response) => {
    if (asksForHealth(request)) {
      handle(request, response);
      return;
    }
    const kind = bearsToken(request) ? bearing : others;
    const begin = () => {
      kind.delete(begin);
      // The connection may have been refused or closed in the meantime.
      if (request.socket.writable) handle(request, response);
    };
    kind.add(begin);
    response.once('close', () => kind.delete(begin));
    if (!isTaken) next();
  };
}

/** Whether a request is a load balancer's health check. */
export function asksForHealth({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/health/');
}

/**
 * Whether a request takes a turn of those with a token. A login needs no token, so a token that is sent along does not
 * count.
 */
function bearsToken({ headers, url = '' }: IncomingMessage): boolean {
  return headers.authorization !== undefined && !url.startsWith('/auth/');
}
