/**
 * Runs the tests of the HTTP contract through each mount of the API instead of the server, on the store in memory. A
 * test that fails is listed in `differences`, or this fails; so does a listed test that passes. `--mount Express` runs
 * one mount alone, and may be repeated. The tests of the server's own sockets are about the server, and are not among the files.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createVitest } from 'vitest/node';
import { differences, mounts } from './wire-mounts/mounts.mjs';

const files = ['wire-*', 'access-matrix', 'link-pages', 'oauth-clients', 'walk-through'];

const { values } = parseArgs({ options: { mount: { type: 'string', multiple: true, default: [] } } });
const isKnown = (name) => mounts.some(({ host }) => host === name);
const chosen = mounts.filter(({ host }) => values.mount.length === 0 || values.mount.includes(host));
if (!values.mount.every(isKnown)) throw new Error(`--mount is one of ${mounts.map(({ host }) => host).join(', ')}`);

const started = performance.now();
const vitest = await createVitest('test', {
  config: false,
  watch: false,
  reporters: [{}],
  maxWorkers: availableParallelism(),
  // Otherwise each of the mounts would transform the same sources.
  experimental: { fsModuleCache: true },
  globalSetup: ['test/folder-of-the-run.ts', 'test/secrecy-of-the-run.ts'],
  projects: chosen.map(toProject),
});
await vitest.start();
const verdicts = chosen.map(verdictOf);
for (const { name, passed, expected, failures } of verdicts) {
  const verdict = failures.length > 0 ? 'FAILED' : 'ok    ';
  console.log(
    `${verdict} ${name.padEnd(32)} ${passed} passed, ${failures.length} failed, ${expected} differ as expected`,
  );
}
for (const { name, failures } of verdicts) for (const failure of failures) console.error(`\n${name}: ${failure}`);
const errors = vitest.state.getUnhandledErrors();
for (const error of errors) console.error(error);
console.log(`${((performance.now() - started) / 1000).toFixed(0)} s`);
// Vitest counts the expected differences as failures. Its teardown may still find a leak.
process.exitCode = errors.length > 0 || verdicts.some(({ failures }) => failures.length > 0) ? 1 : 0;
await vitest.close();

function nameOf({ host, path }) {
  return path === '' ? host : `${host} under ${path}`;
}

function toProject(mount) {
  const conditions = ['@sallyport/source'];
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      name: nameOf(mount),
      include: files.map((name) => `packages/server/test/${name}.test.ts`),
      env: { WIRE_MOUNT: mount.host, WIRE_MOUNT_PATH: mount.path },
      setupFiles: ['test/secrecy-of-a-file.ts'],
      isolate: false,
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  };
}

/** What the tests of a mount came to, and what is not as expected. */
function verdictOf(mount) {
  const name = nameOf(mount);
  const modules = vitest.state.getTestModules().filter(({ project }) => project.name === name);
  const tests = modules.flatMap(({ children }) => [...children.allTests()]);
  const expected = differences.filter(({ on }) => on.includes(mount.host));
  const differs = (test) => expected.some(({ title }) => titlesOf(test).includes(title));
  const passes = (test) => test.result().state === 'passed';
  const broken = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  return {
    name,
    passed: tests.filter(passes).length,
    expected: tests.filter((test) => differs(test) && !passes(test)).length,
    failures: [
      ...broken.flatMap((part) => part.errors()).map(inWords),
      ...tests.filter((test) => !differs(test) && !passes(test)).map(failureOf),
      ...tests
        .filter((test) => differs(test) && passes(test))
        .map((test) => `${test.fullName}\nIt passes: no difference`),
      ...expected
        .filter(({ title }) => !tests.some((test) => titlesOf(test).includes(title)))
        .map(({ title }) => `No test has the title “${title}”`),
    ],
  };
}

/** The title of a test, and those of its groups. */
function titlesOf(test) {
  const titles = [];
  for (let part = test; part.type !== 'module'; part = part.parent) titles.push(part.name);
  return titles;
}

function failureOf(test) {
  const { state, errors = [] } = test.result();
  const file = test.module.relativeModuleId;
  return [`${file}: ${test.fullName}`, ...(errors.length > 0 ? errors.map(inWords) : [`It is ${state}`])].join('\n');
}

function inWords({ message, diff = '', stacks = [] }) {
  const [place] = stacks;
  return [message, diff, place && `at ${place.file}:${place.line}`].filter(Boolean).join('\n');
}
