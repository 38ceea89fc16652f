import { IncomingMessage } from 'node:http';

/**
 * A request that stops Node's parser if its socket is already destroyed. Without this, the parser continues to the end
 * of what one read brought, which may be thousands of requests. The parser stops at a request for another protocol.
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
