import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { StoppingRequest } from './stopping-request.ts';

describe('StoppingRequest', () => {
  it('stops the parser once its socket is destroyed, in the middle of what was read', async () => {
    let requests = 0;
    const server = createServer({ IncomingMessage: StoppingRequest }, ({ socket }) => {
      requests += 1;
      if (requests === 3) socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {});
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1_000));
    await once(client, 'close');
    expect(requests).toBe(3);
    server.close();
    await once(server, 'close');
  });
});
