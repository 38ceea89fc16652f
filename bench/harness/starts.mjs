import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { contestants } from '../contestants.mjs';
import { Connection } from './connection.mjs';
import { startProcess } from './contestant-process.mjs';
import { createDatabase } from './databases.mjs';
import { memoryOf } from './linux.mjs';
import { startMeter } from './meter.mjs';
import { requestOf } from './requests.mjs';

/** The contestants whose start is measured, on empty data. Those that keep data start on it once more. */
const measured = [
  { contestant: 'sallyport-memory', times: ['start'] },
  { contestant: 'sallyport-pglite', times: ['first start', 'later start'] },
  { contestant: 'sallyport', times: ['first start', 'later start'] },
  { contestant: 'fastify-lean', times: ['start'] },
  { contestant: 'better-auth', times: ['start'] },
  { contestant: 'bare-koa', times: ['start'] },
];
/** Seconds after the first answer until memory is read. */
const settling = 2;

/** Measures how long contestants take until their first answer, and the memory that it takes, in each round. */
export async function measureStarts(options) {
  const figures = [];
  const asked = measured.filter(({ contestant }) => options.contestants.includes(contestant));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { contestant, times } of asked) {
      const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
      const database = contestants[contestant].needsDatabase ? await createDatabase(options.url) : undefined;
      const program = contestants[contestant].program(database);
      try {
        for (const time of times) {
          const one = await measureStart(program, { ...options, folder });
          console.error(`round ${round}, ${time}, ${contestant}: ${one.seconds.toFixed(2)} s`);
          figures.push({ contestant, time, ...one });
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  }
  return figures;
}

async function measureStart(program, options) {
  const stopMeter = startMeter(options);
  const process = startProcess(program, options);
  try {
    const connection = await Connection.open(await process.address());
    await connection.ask(requestOf('GET /users/me').text);
    const { seconds, server, othersShare } = stopMeter(process.pid);
    connection.close();
    await delay(settling * 1000);
    const [peak, settled] = ['VmHWM', 'VmRSS'].map((name) => memoryOf(process.pid, name));
    return { seconds, cpuSeconds: server, peak, settled, othersShare };
  } finally {
    await process.stop();
  }
}
