// Asks a server every 20 ms whether it lives, and once more as a member, each time over its own connections, and
// tells its parent how long that took. In a process of its own, so that it is not late because of a load that the
// same process makes; how late it was all the same is taken off, since that is not the server's doing.
import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { asking } from './requests.mjs';

const interval = 20;
const [url, token] = process.argv.slice(2);

const samples = { live: [], me: [] };
const lateness = [];
let isOver = false;
process.on('message', () => (isOver = true));

void watchLateness();
await Promise.all([
  probe('live', asking(url, { agent: new Agent({ keepAlive: true }) }), 'GET /health/live'),
  probe('live', asking(url, { agent: false }), 'GET /health/live'),
  probe('me', asking(url, { agent: new Agent({ keepAlive: true }) }), 'GET /users/me'),
]);
process.send({ ...samples, lateness: Math.max(...lateness.map(({ ms }) => ms)) }, () => process.exit());

async function probe(kind, ask, route) {
  for (; !isOver; await delay(interval)) {
    const from = performance.now();
    const { status, ms } = await ask(route, kind === 'me' ? { token } : {}).catch(({ code }) => ({
      status: code,
      ms: 0,
    }));
    samples[kind].push({ status, ms: Math.max(0, ms - lateBetween(from, from + ms)), raw: ms });
  }
}

/** How late this process is, noted all the time. */
async function watchLateness() {
  for (;;) {
    const due = performance.now() + 5;
    await delay(5);
    const now = performance.now();
    lateness.push({ from: due, to: now, ms: now - due });
  }
}

/** The longest that this process was late in between. */
function lateBetween(from, to) {
  const during = lateness.filter((late) => late.to >= from && late.from <= to);
  return Math.max(0, ...during.map((late) => Math.min(late.to, to) - Math.max(late.from, from)));
}
