import { IncomingMessage } from 'node:http';

/**
 * A request that stops Node's parser where its socket is destroyed already: without this the parser goes on to the
 * end of what one read brought, which may be thousands of requests. It stops at a request for another protocol.
 */
export class StoppingRequest extends IncomingMessage {
  private asksForUpgrade = false;

  get upgrade(): boolean {
    return this.asksForUpgrade || this.socket.destroyed;
  }

  set upgrade(value: boolean) {
    this.asksForUpgrade = value;
  }
}
