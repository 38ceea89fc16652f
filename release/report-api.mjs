/**
 * Writes the public API of every entry point to `release/api`: what a change to it changes for users. With `--check`, it
 * writes nothing, and fails if the reports there are others. The packages must have been built.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare();
const { compareReports, readApi, writeReports } = await import('./steps/api-reports.mjs');
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const api = readApi(workspaces.map((workspace) => join(root, workspace)));
if (process.argv.includes('--check')) {
  const failures = compareReports(api);
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) console.error('If that is intended, run `npm run api`, and add a changeset that says so.');
  process.exitCode = failures.length > 0 ? 1 : 0;
} else {
  writeReports(api);
  console.log(`Wrote the public API of ${api.size} entry points.`);
}
