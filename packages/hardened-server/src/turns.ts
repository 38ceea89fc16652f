import type { IncomingMessage, RequestListener } from 'node:http';

/** Which requests wait, and for which other ones. */
export interface Turns {
  /** Whether a request begins before those of all kinds. */
  readonly isUrgent: (request: IncomingMessage) => boolean;
  /** The kind of a request. Requests of one kind begin in the order of their arrival. */
  readonly kindOf: (request: IncomingMessage) => string;
  /** How many waiting requests of a kind begin in a turn. */
  readonly perTurn: (kind: string) => number;
}

type Begin = () => void;

/**
 * Begins requests of one kind in each turn of the event loop, and one urgent request before them. Otherwise a burst of
 * requests would begin all at once and keep every other request waiting. The kinds that wait take turns, so a burst of
 * one kind leaves the others their share. Urgent requests wait for each other alone, and take no turn from the others.
 *
 * It expects one request of a connection at a time, as `inOrder` passes them on.
 */
export function inTurns(handle: RequestListener, { isUrgent, kindOf, perTurn }: Turns): RequestListener {
  const urgent = new Set<Begin>();
  /** The waiting requests by kind. The next kind is the first. */
  const waiting = new Map<string, Set<Begin>>();
  let isTaken = false;

  function next(): void {
    isTaken = urgent.size > 0 || waiting.size > 0;
    if (!isTaken) return;
    setImmediate(next);
    beginFirst(1, urgent);
    const [first] = waiting;
    if (!first) return;
    const [kind, queue] = first;
    waiting.delete(kind);
    waiting.set(kind, queue);
    beginFirst(perTurn(kind), queue);
  }

  /** Makes a request wait in the queue of its kind. Returns a function that takes it out again. */
  function wait(request: IncomingMessage, begin: Begin): () => void {
    if (isUrgent(request)) {
      urgent.add(begin);
      return () => void urgent.delete(begin);
    }
    const kind = kindOf(request);
    const queue = waiting.get(kind) ?? new Set();
    waiting.set(kind, queue.add(begin));
    return () => {
      queue.delete(begin);
      if (queue.size === 0 && waiting.get(kind) === queue) waiting.delete(kind);
    };
  }

  return (request, response) => {
    if (!isTaken) {
      isTaken = true;
      setImmediate(next);
      handle(request, response);
      return;
    }
    const leave = wait(request, () => {
      leave();
      // The connection may have been refused or closed in the meantime.
      if (request.socket.writable) handle(request, response);
    });
    response.once('close', leave);
  };
}

/** Begins the first so many requests of a queue. Each leaves the queue when it begins. */
function beginFirst(count: number, queue: ReadonlySet<Begin>): void {
  let left = count;
  for (const begin of queue) {
    if (left <= 0) return;
    left -= 1;
    begin();
  }
}
