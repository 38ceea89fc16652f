/** Compiles and runs the examples for jest of the docs, with a jest that it installs. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileSnippets, snippetsOf } from '../scripts/docs/snippets.mjs';
import { install } from '../scripts/install.mjs';
import { here, root } from './folders.mjs';

const project = join(here, 'jest');

install(here);
const document = 'docs/testing.md';
const snippets = snippetsOf(document, readFileSync(join(root, document), 'utf8')).filter(({ how }) => how === 'jest');
if (snippets.length === 0) throw new Error(`${document} has no example for jest.`);
const complaints = compileSnippets(project, '../../tsconfig.base.json', snippets);
if (complaints !== '') throw new Error(`The example does not compile:\n${complaints}`);

// The examples are ES modules, which jest runs by an option of Node.
const config = JSON.stringify({ rootDir: project, transform: {}, testMatch: ['**/built/*.js'] });
const { status } = spawnSync(process.execPath, ['--experimental-vm-modules', jest(), '--config', config], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;

function jest() {
  return join(here, 'node_modules/jest/bin/jest.js');
}
