import { once } from 'node:events';

/**
 * Says where a server listens, as the harness expects it. The process ends when it is told to, or the harness has ended.
 *
 * @param {import('node:http').Server} server
 */
export async function announce(server) {
  for (const event of ['SIGINT', 'disconnect']) process.once(event, () => process.exit());
  // As long as Sallyport keeps idle connections. The default would close those that the load needs later.
  server.keepAliveTimeout = 75_000;
  if (!server.listening) await once(server, 'listening');
  console.error(`listens on http://127.0.0.1:${server.address().port},`);
}
