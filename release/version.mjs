/**
 * Makes the next version of what `.changeset` contains: the versions of all packages, the ranges of the examples, the
 * lock file, and a section of CHANGELOG.md.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { sectionOf } from './steps/changelog.mjs';
import { changesets, installTools, root } from './prepare.mjs';

installTools();
const { default: getReleasePlan } = createRequire(import.meta.url)('@changesets/get-release-plan');
const plan = await getReleasePlan(root);
const [next] = plan.releases;
if (!next) throw new Error('There is no changeset: `npm run changeset` writes one');

execFileSync(process.execPath, [changesets, 'version'], { cwd: root, stdio: 'inherit' });
const examples = execFileSync('git', ['ls-files', 'examples/**/package.json'], { cwd: root, encoding: 'utf8' });
for (const path of examples.trim().split('\n')) {
  rewrite(path, (text) => text.replaceAll(/("@sallyport\/[^"]+": )"[^"]+"/g, `$1"^${next.newVersion}"`));
}
const today = new Date().toISOString().slice(0, 10);
rewrite('CHANGELOG.md', (text) => text.replace('\n## ', `\n${sectionOf(plan, today)}\n## `));
execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: root, stdio: 'inherit' });

function rewrite(path, change) {
  const file = join(root, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}
