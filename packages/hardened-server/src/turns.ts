import type { IncomingMessage, RequestListener } from 'node:http';

/** Which requests wait, and for which other ones. */
export interface Turns {
  /** Whether a request begins at once. */
  readonly isUrgent: (request: IncomingMessage) => boolean;
  /** The kind of a request. Requests of one kind begin in the order of their arrival. */
  readonly kindOf: (request: IncomingMessage) => string;
}

type Begin = () => void;

/**
 * Begins one request in each turn of the event loop, except urgent ones, which begin at once. Otherwise a burst of
 * expensive requests would begin all at once and keep every other request waiting. The kinds that wait take turns, so a
 * burst of one kind leaves the others their share.
 *
 * It expects one request of a connection at a time, as `inOrder` passes them on.
 */
export function inTurns(handle: RequestListener, { isUrgent, kindOf }: Turns): RequestListener {
  /** The waiting requests by kind. The next kind is the first. */
  const waiting = new Map<string, Set<Begin>>();
  let isTaken = false;

  function next(): void {
    const [first] = waiting;
    isTaken = first !== undefined;
    if (!first) return;
    setImmediate(next);
    const [kind, queue] = first;
    const [begin] = queue;
    waiting.delete(kind);
    waiting.set(kind, queue);
    begin?.();
  }

  function leave(kind: string, begin: Begin): void {
    const queue = waiting.get(kind);
    queue?.delete(begin);
    if (queue?.size === 0) waiting.delete(kind);
  }

  return (request, response) => {
    if (isUrgent(request)) {
      handle(request, response);
      return;
    }
    const kind = kindOf(request);
    const begin = () => {
      leave(kind, begin);
      // The connection may have been refused or closed in the meantime.
      if (request.socket.writable) handle(request, response);
    };
    waiting.set(kind, (waiting.get(kind) ?? new Set()).add(begin));
    response.once('close', () => leave(kind, begin));
    if (!isTaken) next();
  };
}
