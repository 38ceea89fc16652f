import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from './figures.mjs';
import { startLoop } from './loop.mjs';
import { startMeter } from './meter.mjs';

/**
 * Measures a running contestant under the load of a workload. CPU times are microseconds an answer, latencies are
 * milliseconds.
 *
 * @param {object} contestant
 * @param {{ start: (contestant: object) => Promise<object>[] }} workload
 * @param {{ seconds: number, warmup: number, postmaster: number }} options
 */
export async function measure(contestant, workload, { seconds, warmup, postmaster }) {
  const starting = contestant.isLoop ? [startLoop(contestant.process)] : workload.start(contestant);
  const loads = await Promise.all(starting);
  const failed = Promise.race(loads.map((load) => load.failed.then(() => new Promise(() => {}))));
  const unlessFailed = (promise) => Promise.race([promise, failed]);
  try {
    await unlessFailed(delay(warmup * 1000));
    for (const load of loads) load.begin();
    const stopMeter = startMeter({ pid: contestant.process.pid, postmaster });
    await unlessFailed(delay(seconds * 1000));
    const spent = stopMeter();
    const [main, beside] = await unlessFailed(Promise.all(loads.map((load) => load.end())));
    return {
      ...figuresOf(main, spent.seconds),
      beside: beside && figuresOf(beside, spent.seconds),
      server: (spent.server * 1e6) / main.answers,
      // Postgres does some work of its own, which does not belong to a contestant without it.
      postgres: contestant.needsDatabase ? (spent.postgres * 1e6) / main.answers : 0,
      generatorShare: spent.generatorShare,
      othersShare: spent.othersShare,
    };
  } finally {
    await Promise.allSettled(loads.map((load) => load.stop()));
  }
}

function figuresOf({ answers, latencies, refused = 0 }, seconds) {
  return { rate: answers / seconds, p50: percentile(latencies, 50), p99: percentile(latencies, 99), refused };
}
