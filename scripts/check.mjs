/**
 * What must pass before a commit: the build, then as many steps at a time as there are cores. Of the unit tests, it runs
 * those that changes which are not committed can affect.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Builds the packages. The lint and the search for unused code read the build, and the build keeps all cores busy. */
const first = 'check:types';

/** The other scripts of package.json, the slowest first. */
const waiting = [
  'test:changed',
  'lint',
  'check:unused',
  'check:architecture',
  'check:habits',
  'check:deploy',
  'format:check',
];

const failed = [];
await take(first);
await Promise.all(Array.from({ length: availableParallelism() }, work));

for (const { output, step } of failed) console.error(`\n${step}\n\n${output.trim()}`);
process.exitCode = failed.length > 0 ? 1 : 0;

async function work() {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await take(step);
}

async function take(step) {
  const started = performance.now();
  const { passed, output } = await run(step);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${step.padEnd(20)} ${seconds.padStart(5)} s`);
  if (!passed) failed.push({ step, output });
}

function run(step) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', step], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ passed: code === 0, output }));
  });
}
