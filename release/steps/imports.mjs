import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { budgets, installedCore, otherwise } from '../budgets.mjs';
import { entryPointsOf } from '../../scripts/packages/pack.mjs';
import { run } from '../../scripts/packages/run.mjs';

const rounds = 3;

/** Imports what it is told to, and prints the CPU time of the process in microseconds. */
const report = 'const { user, system } = process.cpuUsage(); console.log(user + system);\n';
const programs = {
  'imports.mjs': `if (process.argv[2]) await import(process.argv[2]);\n${report}`,
  'requires.cjs': `if (process.argv[2]) require(process.argv[2]);\n${report}`,
};

/**
 * Imports every entry point in a process of its own, from an ES module and from CommonJS, and compares the CPU time with
 * that of a process that imports nothing. Of several runs, it takes the one in the middle.
 *
 * @param {readonly import('../../scripts/packages/pack.mjs').Packed[]} packages
 * @returns {readonly (() => Promise<string[]>)[]} a step for each package, with its failures
 */
export function importSteps(folder, packages) {
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, name), text);
  return packages.map((packed) => async () => {
    const failures = [];
    for (const entry of entryPointsOf(packed)) {
      try {
        failures.push(...(await checkEntry(folder, packed.name, entry)));
      } catch (error) {
        failures.push(`${entry}: ${error.message}`);
      }
    }
    return failures;
  });
}

async function checkEntry(folder, name, entry) {
  await cpuTime(folder, 'requires.cjs', entry);
  const [bare, importing] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await cpuTime(folder, 'imports.mjs'));
    importing.push(await cpuTime(folder, 'imports.mjs', entry));
  }
  const multiple = median(importing) / median(bare);
  console.log(`${entry}: an import costs ${multiple.toFixed(1)} times the CPU of a bare start`);
  const { start } = budgets[name] ?? otherwise;
  return multiple > start ? [`${entry}: an import costs ${multiple.toFixed(1)} bare starts, more than ${start}`] : [];
}

async function cpuTime(folder, program, ...entry) {
  const printed = await run([process.execPath, '--no-warnings', program, ...entry], { cwd: folder });
  const time = Number(printed);
  if (!(time > 0)) throw new Error(`an import prints ${printed}`);
  return time;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/**
 * What an installation of the core alone takes on disk.
 *
 * @returns {string[]}
 */
export function checkInstalledCore(folder) {
  const files = readdirSync(join(folder, 'node_modules'), { recursive: true, withFileTypes: true });
  const bytes = files
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  const size = Math.ceil(bytes / 1000);
  console.log(`An installation of the core has ${size} KB.`);
  return size > installedCore ? [`An installation of the core has ${size} KB, more than ${installedCore}`] : [];
}
