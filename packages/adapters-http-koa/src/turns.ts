import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';

type Begin = () => void;

/**
 * Begins one request in each turn of the event loop; those that ask for health at once. A storm of logins
 * would else be begun in one go, and nobody be heard meanwhile. Requests that bear a token and those that do
 * not come alternately, each kind in the order in which they arrived, so that a storm of one kind leaves every
 * second turn to the other.
 *
 * Of a connection one request waits at a time. Who sends many ahead is served as Node would, in order: a queue
 * that took them all would know no bound.
 */
export function inTurns(handle: RequestListener): RequestListener {
  const bearing = new Set<Begin>();
  const others = new Set<Begin>();
  let [current, upcoming] = [bearing, others];
  const waiting = new Map<Socket, Begin>();
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
    const { socket } = request;
    const ahead = waiting.get(socket);
    ahead?.();
    if (ahead || asksForHealth(request)) {
      handle(request, response);
      return;
    }
    const kind = bearsToken(request) ? bearing : others;
    const begin = () => {
      kind.delete(begin);
      waiting.delete(socket);
      if (!socket.destroyed) handle(request, response);
    };
    kind.add(begin);
    waiting.set(socket, begin);
    if (!isTaken) next();
  };
}

/** Whether a request is a balancer's rather than a client's. */
export function asksForHealth({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/health/');
}

/** Nobody needs a token to log in, so one that is sent along gives no login the turn of a member. */
function bearsToken({ headers, url = '' }: IncomingMessage): boolean {
  return headers.authorization !== undefined && !url.startsWith('/auth/');
}
