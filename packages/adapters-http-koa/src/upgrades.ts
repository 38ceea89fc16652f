import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Who asks for another protocol is answered in this one (RFC 9110, section 7.8), as the last on its connection:
 * Node drops what one read brings behind such a request, and would take what follows, a body perhaps, for a
 * request.
 */
export function endAtUpgrades(handle: RequestListener): RequestListener {
  const ended = new WeakSet<Socket>();
  return (request, response) => {
    if (ended.has(request.socket)) {
      request.socket.destroy();
      return;
    }
    if (request.headers.upgrade !== undefined) {
      ended.add(request.socket);
      response.setHeader('Connection', 'close');
    }
    handle(request, response);
  };
}
