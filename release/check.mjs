/**
 * Checks the packages as they would be published: their manifests and contents, what linters of packages say, an
 * installation in an empty folder, imports of every entry point, strict consumers under two compilers, the public API,
 * sizes and the cost of an import. And the workflows that check and publish them.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll } from '../scripts/packages/pack.mjs';
import { withRegistry } from '../scripts/packages/registry.mjs';
import { run } from '../scripts/packages/run.mjs';
import { prepare, root } from './prepare.mjs';

prepare();
const { checkManifest } = await import('./steps/manifests.mjs');
const { checkContents, lint } = await import('./steps/tarballs.mjs');
const { checkInstallScripts, compilations, installStrictly } = await import('./steps/consumers.mjs');
const { checkInstalledCore, importSteps } = await import('./steps/imports.mjs');
const { checkWorkflows } = await import('./steps/workflows.mjs');

const started = performance.now();
const work = mkdtempSync(join(tmpdir(), 'sallyport-release-'));
const failures = checkWorkflows();
try {
  const packages = packAll(root, work);
  for (const packed of packages) failures.push(...checkManifest(packed), ...checkContents(packed));
  const folders = await withRegistry(packages, async (env) => ({
    all: await installIn('all', (folder) => installStrictly(folder, packages, env)),
    core: await installIn('core', (folder) =>
      run(['npm', 'install', '--ignore-scripts', '@sallyport/core'], { cwd: folder, env }),
    ),
  }));
  failures.push(...checkInstallScripts(folders.all), ...checkInstalledCore(folders.core));
  await atATime([apiStep, ...compilations(folders.all, packages), ...packages.map((packed) => () => lint(packed))]);
  // After all else, so that little else runs beside them.
  await atATime(importSteps(folders.all, packages));
  console.log(`Checked ${packages.length} packages in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

async function installIn(name, use) {
  const folder = join(work, name);
  mkdirSync(folder);
  await use(folder);
  return folder;
}

async function apiStep() {
  try {
    await run([process.execPath, join(import.meta.dirname, 'report-api.mjs'), '--check'], {});
    return [];
  } catch (error) {
    return [error.message];
  }
}

/** Runs as many steps at a time as there are cores. */
async function atATime(steps) {
  const waiting = [...steps];
  const takeAll = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) failures.push(...(await step()));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, takeAll));
}
