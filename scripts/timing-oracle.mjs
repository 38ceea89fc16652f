/**
 * Tries to find out by response times whether an address has an account: at the login, at a forgotten password, at the
 * request after that one, and as a member who changes to another address. `node scripts/timing-oracle.mjs --pairs 5000
 * --store postgres --only login`
 *
 * The real server runs in a process of its own, with argon2 and limits off. One client sends one request at a time,
 * over one connection, in rounds. Each round has one request for an address of each kind, in random order. So temporary
 * effects (garbage collection, a vacuum, a checkpoint, the worker that sends mails, other processes) affect every kind
 * alike: they make the result less precise, but not biased. One kind of address has a planted leak of a millisecond.
 * The measurement continues until it detects that leak, which shows that it is precise enough.
 *
 * The result is the area under the ROC curve (AUC): how often a request for one kind of address takes longer than one
 * for an unknown address. A half means no difference, one means a perfect distinction. The script fails when a kind can
 * be distinguished from unknown addresses, or when the planted leak cannot.
 *
 * With `--foreign`, the server verifies bcrypt, and accounts of a further kind have a bcrypt hash, whose check takes
 * twice as long as one of ours. A login to them with a wrong password must not be distinguishable either.
 *
 * It does not measure the worker's own work. Up to a second after a forgotten password, a token and a mail are made for
 * known addresses only, in parallel to other requests. An attacker who has a server without other traffic may observe
 * that, five times in a quarter of an hour.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withPostgres } from './postgres.mjs';
import { addressIn } from './running-server.mjs';
import { compare, marginOf, median } from './timing-oracle/auc.mjs';
import { populate } from './timing-oracle/people.mjs';
import { measure, scenariosFor } from './timing-oracle/scenarios.mjs';
import { openTimedClient } from './timing-oracle/timed-client.mjs';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '500' },
    store: { type: 'string', default: 'postgres' },
    only: { type: 'string', default: '' },
    foreign: { type: 'boolean', default: false },
  },
});
const pairs = Number(values.pairs);
/** The maximum factor by which more pairs are measured if the planted leak is not detected. */
const mostRepeats = 8;

const stores = {
  memory: () => withServer('memory:', probe),
  pglite: () => withServer('pglite:', probe),
  postgres: () => withPostgres((url) => withServer(url, probe)),
};
const open = stores[values.store];
if (!open) throw new Error(`There is no store ${values.store}: one of ${Object.keys(stores).join(', ')}`);
await open();

async function withServer(databaseUrl, use) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  const server = spawn(process.execPath, [join(import.meta.dirname, 'timing-oracle/server.mjs')], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      // The same value as the launcher sets.
      UV_THREADPOOL_SIZE: String(Math.max(4, availableParallelism() + 2)),
      DATABASE_URL: databaseUrl,
      SECRET_KEY: 'a secret key for timing, long enough',
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'error',
      ...(values.foreign && { FOREIGN_HASHES: 'bcrypt:9' }),
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  try {
    await use(await addressIn(server));
  } finally {
    if (server.exitCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true });
  }
}

async function probe(url) {
  const scenarios = Object.entries(scenariosFor(await populate(url), values.foreign)).filter(([name]) =>
    name.includes(values.only),
  );
  if (scenarios.length === 0) throw new Error(`Nothing that is measured is called ${values.only}`);
  console.log(`${pairs} pairs or more of each kind on ${values.store}: AUC (95 % interval)`);
  for (const [name, scenario] of scenarios) {
    const client = await openTimedClient(url);
    const times = await measureSharply(client, scenario);
    client.close();
    console.log(`\n${name}: an unknown address takes ${median(times.unknown).toFixed(3)} ms`);
    if (times.unknown.length > pairs) console.log(`  the planted leak took ${times.unknown.length} pairs to tell`);
    for (const kind of scenario.honest) report(kind, times, false);
    report(scenario.planted, times, true);
  }
}

/** Measures until the planted leak is detected. A busy machine needs more pairs. */
async function measureSharply(client, scenario) {
  const times = await measure(client, scenario, pairs, shuffled);
  while (!isToldApart(times, scenario.planted) && times.unknown.length < mostRepeats * pairs) {
    const more = await measure(client, scenario, pairs, shuffled);
    for (const [kind, measured] of Object.entries(more)) times[kind].push(...measured);
  }
  return times;
}

function isToldApart(times, kind) {
  return Math.abs(compare(times.unknown, times[kind]).auc - 0.5) > marginOf(times.unknown.length);
}

function report(kind, times, isPlanted) {
  const { auc, from, to } = compare(times.unknown, times[kind]);
  const isTold = isToldApart(times, kind);
  if (isTold !== isPlanted) process.exitCode = 1;
  const figures = `${median(times[kind]).toFixed(3)} ms, AUC ${auc.toFixed(4)} (${between(from, to)})`;
  const verdict = `${isTold ? 'told apart' : 'not told apart'}${isTold === isPlanted ? '' : ' FAILED'}`;
  console.log(`  ${(isPlanted ? 'a planted leak' : kind).padEnd(14)} ${figures}: ${verdict}`);
}

function between(from, to) {
  return `${from.toFixed(4)}–${to.toFixed(4)}`;
}

/** The same items in random order (Fisher and Yates). */
function shuffled(items) {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}
