import { expect, it } from 'vitest';
import { sendRaw } from './raw-socket.ts';
import { startServer } from './start-server.ts';

it.each([
  [{}, '75'],
  [{ KEEP_ALIVE_SECONDS: '620' }, '620'],
])(
  'an idle connection is kept for as long as the variable says, and its client is told: %o',
  async (environment, seconds) => {
    const server = await startServer('memory', { environment });
    const get = 'GET /posts HTTP/1.1\r\nHost: a\r\n';
    const { headers } = await sendRaw(server.url, `${get}\r\n${get}Connection: close\r\n\r\n`);
    expect([headers.get('Connection'), headers.get('Keep-Alive')]).toEqual(['keep-alive', `timeout=${seconds}`]);
    await server.close();
  },
);
