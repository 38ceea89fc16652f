/**
 * Builds what the server runs: the compiled packages, the files of the docs page, the empty database and the bundle. If nothing changed since the
 * last build, it only finds that out.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledState, hasCurrentBundle } from '../packages/server/bin/entry.mjs';

const root = join(import.meta.dirname, '..');
const packages = join(root, 'packages');
const server = join(packages, 'server');
const record = join(server, 'dist/.build');

const sources = sourceState();
if (!existsSync(record) || readFileSync(record, 'utf8') !== sources + resultState()) {
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', server], { stdio: 'inherit' });
  run('http-api/copy-swagger-ui.mjs');
  run('adapters-postgres/pack-empty-database.mjs');
  if (!hasCurrentBundle(server)) run('server/bundle.mjs');
  writeFileSync(record, sources + resultState());
}

function run(script) {
  execFileSync(process.execPath, [join(packages, script)], { stdio: 'inherit' });
}

/** Changes with each file that a build reads. */
function sourceState() {
  const folders = readdirSync(packages).map((name) => join(packages, name));
  const files = folders.flatMap((folder) => [
    ...filesIn(folder).filter((path) => /\.(?:json|mjs)$/.test(path)),
    ...filesIn(join(folder, 'src'), { recursive: true }),
  ]);
  return [...files, join(root, 'tsconfig.base.json'), import.meta.filename]
    .map((path) => `${path} ${statSync(path).mtimeMs}\n`)
    .join('');
}

/** Changes with each build, and with what another command compiled or removed. */
function resultState() {
  const archives = filesIn(join(packages, 'adapters-postgres/dist')).filter((path) => path.endsWith('.br'));
  const docsPage = filesIn(join(packages, 'http-api/dist/swagger-ui'));
  return [compiledState(server), ...docsPage, ...archives, hasCurrentBundle(server)].join('\n');
}

function filesIn(folder, options = {}) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { ...options, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
