import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fatal, welcome } from '../test/wire-messages.ts';
import { createPool } from './own-pool.ts';

describe('a connection of the pool', () => {
  it.each(['127.0.0.1', '127.0.0.1,127.0.0.2'])(
    'that is closed as soon as it is open fails the next statement alone, at %s',
    async (hosts) => {
      const closing = Buffer.concat([
        welcome,
        fatal('57P01', 'terminating connection due to unexpected postmaster exit'),
      ]);
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.end(closing));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const pool = createPool(`postgres://${hosts}/app?port=${port}&user=me`, 1, () => {});
      onTestFinished(async () => {
        await pool.end();
        server.close();
      });
      const asked = pool.connect().then(async (client) => {
        await client.query({ text: 'select 1' }).finally(() => client.release(true));
      });
      await expect(asked).rejects.toThrow(/connection/i);
    },
  );
});
