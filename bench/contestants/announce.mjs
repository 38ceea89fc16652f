import { once } from 'node:events';

/** Says where a server listens, as the harness expects it, and ends the process when it is told to. */
export async function announce(server) {
  process.once('SIGINT', () => process.exit());
  if (!server.listening) await once(server, 'listening');
  console.error(`listens on http://127.0.0.1:${server.address().port},`);
}
