/**
 * Sends requests made from the table of routes, and bytes made from the grammar of HTTP, to the whole server, and
 * checks each answer against the OpenAPI document. What it finds, it repeats on a server of its own, and reports whether
 * it failed again: if not, look for the fault in the fuzzer first. `npm run fuzz -- --requests 10000 --seed 1 --store
 * memory`; `--seed 1 --trial 3.1.17` repeats a trial that a report names.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '5000' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
    store: { type: 'string', default: 'memory' },
    trial: { type: 'string' },
  },
});
const store = { memory: 'memory', pglite: 'PGlite', postgres: 'Postgres' }[values.store];
if (!store) throw new Error('--store is memory, pglite or postgres');
const seed = Number(values.seed);
const options = { store, seed, requests: Number(values.requests), ...(values.trial && { trial: values.trial }) };
console.log(`Fuzzing on ${values.store}: --requests ${options.requests} --seed ${seed}`);

const conditions = ['@sallyport/source'];
const vitest = await startVitest(
  'test',
  [],
  {
    config: false,
    watch: false,
    include: ['packages/server/test/fuzz/run.ts'],
    globalSetup: store === 'Postgres' ? ['test/postgres-setup.ts'] : [],
    provide: { fuzz: options },
    hookTimeout: 120_000,
    disableConsoleIntercept: true,
    reporters: ['dot'],
  },
  { resolve: { conditions }, ssr: { resolve: { conditions } } },
);
await vitest.close();
