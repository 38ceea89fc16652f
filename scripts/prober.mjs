// Sends a health check and a member's request to a server every 20 ms, over its own connections, and reports the
// durations to its parent. It is a process of its own, so that it does not wait for the load that it watches.
import { setTimeout as delay } from 'node:timers/promises';
import { waited } from './linux.mjs';
import { asking, keepingAgent } from './requests.mjs';

const interval = 20;
const [url, token, server] = process.argv.slice(2);
const kept = () => asking(url, { agent: keepingAgent(url) });

const over = new AbortController();
process.on('message', () => over.abort());
process.on('disconnect', () => process.exit());
const [live, fresh, me] = await Promise.all([
  probe(kept(), 'GET /health/live'),
  probe(asking(url, { agent: false }), 'GET /health/live'),
  probe(kept(), 'GET /users/me', { token }),
]);
process.send({ live, fresh, me, cpu: process.cpuUsage() }, () => process.exit());

/**
 * Sends a request, and reports its duration in milliseconds, and how many of them the two processes waited for a core.
 */
async function probe(ask, route, options) {
  const samples = [];
  for (; !over.signal.aborted; await delay(interval)) {
    const before = waited(process.pid) + waited(server);
    const { status, ms } = await ask(route, options).catch(({ code }) => ({ status: code, ms: 0 }));
    samples.push({ status, ms, starved: Math.min(ms, waited(process.pid) + waited(server) - before) });
  }
  return samples;
}
