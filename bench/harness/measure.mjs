import { setTimeout as delay } from 'node:timers/promises';
import { availableParallelism } from 'node:os';
import { cpuOf, cpuOfMachine } from './linux.mjs';
import { percentile } from './figures.mjs';

/**
 * Measures a contestant under the load of a workload.
 *
 * @param {{ pid: number }} contestant
 * @param {{ start: (contestant: object) => Promise<object>[] }} workload
 * @param {{ seconds: number, warmup: number, postmaster?: number }} options
 */
export async function measure(contestant, workload, { seconds, warmup, postmaster }) {
  const loads = await Promise.all(workload.start(contestant));
  const failed = Promise.race(loads.map((load) => load.failed.then(() => new Promise(() => {}))));
  try {
    await Promise.race([delay(warmup * 1000), failed]);
    for (const load of loads) load.begin();
    const before = takeTimes(contestant.pid, postmaster);
    await Promise.race([delay(seconds * 1000), failed]);
    const after = takeTimes(contestant.pid, postmaster);
    const [main, beside] = await Promise.race([Promise.all(loads.map((load) => load.end())), failed]);
    const spent = Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - before[name]]));
    const { wall, machine, server, postgres, generator } = spent;
    return {
      rate: main.answers / wall,
      p50: percentile(main.latencies, 50),
      p99: percentile(main.latencies, 99),
      refused: main.refused ?? 0,
      rateBeside: beside && beside.answers / wall,
      p99Beside: beside && percentile(beside.latencies, 99),
      serverMicros: (server * 1e6) / main.answers,
      postgresMicros: contestant.needsDatabase ? (postgres * 1e6) / main.answers : 0,
      /** Of one core: the generator has one thread. */
      generatorShare: generator / wall,
      /** Of all cores: what other processes and other machines of the host have used. */
      othersShare: Math.max(0, machine - server - postgres - generator) / (wall * availableParallelism()),
    };
  } finally {
    await Promise.allSettled(loads.map((load) => load.stop()));
  }
}

function takeTimes(pid, postmaster) {
  const { user, system } = process.cpuUsage();
  return {
    wall: performance.now() / 1000,
    machine: cpuOfMachine(),
    server: cpuOf(pid),
    postgres: postmaster === undefined ? 0 : cpuOf(postmaster),
    generator: (user + system) / 1e6,
  };
}

/** The share of all cores that other processes use, over two seconds. */
export async function loadOfOthers(postmaster) {
  const before = takeTimes(process.pid, postmaster);
  await delay(2000);
  const after = takeTimes(process.pid, postmaster);
  const own = after.server - before.server + after.postgres - before.postgres;
  return Math.max(0, after.machine - before.machine - own) / ((after.wall - before.wall) * availableParallelism());
}
