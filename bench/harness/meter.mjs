import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuOf, cpuOfMachine } from './linux.mjs';

/** The share of the machine that other processes may use in a measurement that is valid. */
const acceptedLoad = 0.1;

/** Seconds until a measurement is repeated. */
const pause = 10;

/**
 * Begins to measure who uses the cores. The returned function ends it, and returns the seconds that passed, the CPU
 * seconds of a contestant and of Postgres, and two shares: of the generator, in one core, because it has one thread; and
 * of all other processes, and of other machines of the host, in all cores.
 *
 * @param {{ pid?: number, postmaster: number }} processes the process of the contestant; the end may name it later
 */
export function startMeter({ pid, postmaster }) {
  const cpuOfServer = pid === undefined ? 0 : cpuOf(pid);
  const before = { wall: performance.now(), machine: cpuOfMachine(), postgres: cpuOf(postmaster), own: ownCpu() };
  return (contestant = pid) => {
    const seconds = (performance.now() - before.wall) / 1000;
    const server = contestant === undefined ? 0 : cpuOf(contestant) - cpuOfServer;
    const postgres = cpuOf(postmaster) - before.postgres;
    const generator = ownCpu() - before.own;
    const others = Math.max(0, cpuOfMachine() - before.machine - server - postgres - generator);
    const cores = availableParallelism();
    return { seconds, server, postgres, generatorShare: generator / seconds, othersShare: others / (seconds * cores) };
  };
}

function ownCpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * Repeats a measurement until other processes were quiet meanwhile.
 *
 * @throws Error when they stay busy
 */
export async function quietly(measure, { despiteLoad }) {
  for (let tries = 1; ; tries += 1) {
    const figures = await measure();
    if (despiteLoad || figures.othersShare <= acceptedLoad) return figures;
    if (tries === 5) throw new Error(tooMuch(figures.othersShare));
    console.error(`${tooMuch(figures.othersShare)}: measuring again`);
    await delay(pause * 1000);
  }
}

function tooMuch(share) {
  const percent = Math.round(share * 100);
  return `Other processes use ${percent} % of this machine, so figures are not valid (see --despite-load)`;
}
