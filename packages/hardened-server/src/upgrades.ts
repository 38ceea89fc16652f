import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Answers a request for another protocol in HTTP/1.1 (RFC 9110, section 7.8), as the last one on its connection. Node
 * drops what the same read brought after such a request, and would parse what follows, perhaps a body, as a request.
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
      response.shouldKeepAlive = false;
    }
    handle(request, response);
  };
}
