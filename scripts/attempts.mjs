import { availableParallelism } from 'node:os';

/**
 * Runs steps, as many at a time as there are cores, each whatever became of the others, and prints how each one ended. The
 * process exits with 1 if one of them failed.
 *
 * @param {readonly { name: string, step: () => Promise<void> }[]} attempts the longest first
 */
export async function attemptAll(attempts) {
  const waiting = [...attempts];
  const failures = [];
  const takeAll = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await attempt(next, failures);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, takeAll));
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
}

async function attempt({ name, step }, failures) {
  const started = performance.now();
  try {
    await step();
    console.log(`ok     ${name} after ${((performance.now() - started) / 1000).toFixed(0)} s`);
  } catch (error) {
    failures.push(`${name}: ${error.message}`);
    console.log(`FAILED ${name}`);
  }
}
