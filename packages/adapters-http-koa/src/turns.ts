import type { IncomingMessage, RequestListener } from 'node:http';

type Begin = () => void;

/**
 * Begins one request in each turn of the event loop; those that ask for health at once. A storm of logins
 * would else be begun in one go, and nobody be heard meanwhile. Requests that bear a token and those that do
 * not come alternately, each kind in the order in which they arrived, so that a storm of one kind leaves every
 * second turn to the other.
 */
export function inTurns(handle: RequestListener): RequestListener {
  const bearing: Begin[] = [];
  const others: Begin[] = [];
  const kinds = [bearing, others];
  let isTaken = false;

  function next(): void {
    kinds.reverse();
    const begin = kinds[0]?.shift() ?? kinds[1]?.shift();
    isTaken = begin !== undefined;
    if (!begin) return;
    setImmediate(next);
    begin();
  }

  return (request, response) => {
    const begin = () => handle(request, response);
    if (asksForHealth(request)) {
      begin();
      return;
    }
    (request.headers.authorization === undefined ? others : bearing).push(begin);
    if (!isTaken) next();
  };
}

/** Whether a request is a balancer's rather than a client's. */
export function asksForHealth({ url = '' }: IncomingMessage): boolean {
  return url.startsWith('/health/');
}
