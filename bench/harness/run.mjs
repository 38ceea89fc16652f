import { withStoppablePostgres } from '../../scripts/postgres.mjs';
import { contestants } from '../contestants.mjs';
import { workloads } from '../workloads.mjs';
import { startProcess } from './contestant-process.mjs';
import { createDatabase, describePostgres } from './databases.mjs';
import { memoryOf } from './linux.mjs';
import { loadOfOthers, measure } from './measure.mjs';
import { seed } from './seed.mjs';

/** The share of the machine that other processes may use. */
const acceptedLoad = 0.1;
const tries = 3;

/** Runs all rounds. Every contestant has a turn in each round, so that a change of the machine meets all of them. */
export async function run(options) {
  let results;
  await withStoppablePostgres(async ({ url }) => {
    const postgres = await describePostgres(url);
    await refuseLoad(await loadOfOthers(postgres.postmaster), options);
    const running = [];
    try {
      for (const name of options.contestants) running.push(await start(name, url, options));
      const measurements = await measureAll(running, { ...options, postmaster: postgres.postmaster });
      const memory = running.map(({ name, pid }) => ({ name, peak: memoryOf(pid, 'VmHWM') }));
      results = { postgres, measurements, memory };
    } finally {
      for (const { process: one } of running) await one.stop();
    }
  });
  return results;
}

async function start(name, postgresUrl, options) {
  const { program, needsDatabase, api } = contestants[name];
  const database = needsDatabase && (await createDatabase(postgresUrl, name));
  const one = startProcess(program(database), options);
  const url = await one.address();
  const needsPosts = options.workloads.includes('posts');
  const people = await seed({ url, api }, { ...options, posts: needsPosts ? options.posts : 0 });
  console.error(`${name} is ready.`);
  return { name, needsDatabase, process: one, pid: one.pid, url, api, people };
}

async function measureAll(running, options) {
  const measurements = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const workloadName of options.workloads) {
      const workload = workloads[workloadName];
      for (const contestant of running.filter(({ api }) => workload.needs.every((need) => api[need]))) {
        const figures = await measureQuietly(contestant, workload, options);
        measurements.push({ workload: workloadName, contestant: contestant.name, round, ...figures });
        const rate = Math.round(figures.rate);
        console.error(`round ${round}, ${workloadName}, ${contestant.name}: ${rate}/s`);
      }
    }
  }
  return measurements;
}

/** Measures again if other processes were busy meanwhile. */
async function measureQuietly(contestant, workload, options) {
  for (let n = 1; ; n += 1) {
    const figures = await measure(contestant, workload, options);
    if (figures.othersShare <= acceptedLoad || options.despiteLoad) return figures;
    if (n === tries) await refuseLoad(figures.othersShare, options);
  }
}

async function refuseLoad(share, { despiteLoad }) {
  if (share <= acceptedLoad || despiteLoad) return;
  const percent = Math.round(share * 100);
  throw new Error(`Other processes use ${percent} % of this machine, so figures would not be valid (--despite-load).`);
}
