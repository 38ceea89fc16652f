import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../test/free-port.mjs';
import { until, withHaproxy } from './haproxy.mjs';
import { bootstrap } from './people.mjs';
import { addressIn, startServer, stopServer } from './running-server.mjs';

/**
 * Runs `use` with two nodes behind the documented haproxy. Each can be stopped by any signal and started again.
 *
 * @param {Record<string, string>} environment variables of both nodes
 * @param {(cluster: { nodes: Nodes, balancer: import('./haproxy.mjs').Balancer, url: string }) => Promise<void>} use
 */
export async function withCluster(environment, use) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-cluster-'));
  const ports = { balancer: await freePort(), a: await freePort(), b: await freePort() };
  const url = `http://127.0.0.1:${ports.balancer}`;
  try {
    await withHaproxy(folder, ports, async (balancer) => {
      const nodes = nodesBehind(folder, balancer, ports, {
        SECRET_KEY: 'a secret key for two nodes, long enough',
        PUBLIC_URL: url,
        TRUST_PROXY: '127.0.0.1',
        ...bootstrap,
        ...environment,
      });
      try {
        await Promise.all(nodes.names.map((name) => nodes.start(name)));
        await use({ nodes, balancer, url });
      } finally {
        await nodes.stopAll();
      }
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @typedef {ReturnType<typeof nodesBehind>} Nodes */
function nodesBehind(folder, balancer, ports, environment) {
  const nodes = new Map();
  return {
    names: ['a', 'b'],
    async start(name) {
      const node = startServer(folder, { ...environment, PORT: String(ports[name]) });
      nodes.set(name, node);
      await addressIn(node);
      await until(() => balancer.isUp(name), 30, `Node ${name} is up`);
    },
    stop: (name, signal) => stopServer(nodes.get(name), signal),
    stopAll: () => Promise.all([...nodes.values()].map((node) => stopServer(node, 'SIGKILL'))),
  };
}
