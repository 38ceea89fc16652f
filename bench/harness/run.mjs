import { setTimeout as delay } from 'node:timers/promises';
import { withStoppablePostgres } from '../../scripts/postgres.mjs';
import { canTake, contestants } from '../contestants.mjs';
import { workloads } from '../workloads.mjs';
import { startProcess } from './contestant-process.mjs';
import { createDatabase, describePostgres } from './databases.mjs';
import { memoryOf } from './linux.mjs';
import { measure } from './measure.mjs';
import { quietly, startMeter } from './meter.mjs';
import { seed } from './seed.mjs';
import { measureStarts } from './starts.mjs';

/** The starts of contestants, which are measured as if they were a workload. */
export const starts = 'start';

/** Measures what the options ask for. Contestants take turns in each round, so that a slow minute meets all of them. */
export async function run(options) {
  let results;
  await withStoppablePostgres(async ({ url }) => {
    const postgres = await describePostgres(url);
    const { postmaster } = postgres;
    await quietly(async () => {
      const stopMeter = startMeter({ postmaster });
      await delay(2000);
      return stopMeter();
    }, options);
    const inside = { ...options, url, postmaster };
    const started = options.workloads.includes(starts) ? await measureStarts(inside) : [];
    results = { postgres, started, ...(await measureWorkloads(inside)) };
  });
  return results;
}

async function measureWorkloads(options) {
  const asked = options.workloads.filter((name) => name !== starts);
  const names = options.contestants.filter((name) =>
    asked.some((workload) => canTake(contestants[name], workload, workloads[workload])),
  );
  const running = [];
  try {
    for (const name of names) running.push(await start(name, options));
    const measured = [];
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const workload of asked) measured.push(...(await takeTurns(running, workload, round, options)));
    }
    const memory = running.map(({ name, process: { pid } }) => ({ contestant: name, peak: memoryOf(pid, 'VmHWM') }));
    return { measured, memory };
  } finally {
    for (const { process: one } of running) await one.stop();
  }
}

async function start(name, options) {
  const contestant = contestants[name];
  const database = contestant.needsDatabase ? await createDatabase(options.url) : undefined;
  const process = startProcess(contestant.program(database), options);
  const running = { ...contestant, name, process, url: await process.address() };
  const posts = options.workloads.includes('posts') ? options.posts : 0;
  const people = contestant.isLoop ? [] : await seed(running, { ...options, posts });
  console.error(`${name} is ready`);
  return { ...running, people };
}

async function takeTurns(running, name, round, options) {
  const workload = workloads[name];
  const measured = [];
  for (const contestant of running.filter((one) => canTake(one, name, workload))) {
    const figures = await quietly(() => measure(contestant, workload, options), options);
    console.error(`round ${round}, ${name}, ${contestant.name}: ${Math.round(figures.rate)}/s`);
    measured.push({ workload: name, contestant: contestant.name, ...figures });
  }
  return measured;
}
