import type { IncomingMessage, RequestListener } from 'node:http';

type Begin = () => void;

/**
 * Begins one request in each turn of the event loop, and those that ask for health at once. Without this a
 * storm of logins would begin in one go and keep all others waiting meanwhile. Requests that bear a token and
 * those that do not come alternately, each kind in the order in which they arrived, so that a storm of one kind
 * leaves every second turn to the other.
 *
 * It takes one request of a connection at a time: what `inOrder` hands on.
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
      // A connection that was refused or ended meanwhile takes no further response.
      if (request.socket.writable) handle(request, response);
    };
    kind.add(begin);
    response.once('close', () => kind.delete(begin));
    if (!isTaken) next();
  };
}

/** Whether a request is a balancer's rather than a client's. */
export function asksForHealth({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/health/');
}

/** A login needs no token, so one that is sent along gives it no turn of a member. */
function bearsToken({ headers, url = '' }: IncomingMessage): boolean {
  return headers.authorization !== undefined && !url.startsWith('/auth/');
}
