import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = ['packages/core/src', 'packages/server/src', 'packages/server/test', 'scripts', 'test'];

/** Predictable random values, written in three ways, and a secure one. */
const files = {
  'bad-1.ts': 'export const dice = Math.random();',
  'bad-2.mjs': `export const dice = Math['random'];`,
  'bad-3.test.ts': 'export const { random } = Math;',
  'good.ts': `import { randomInt } from 'node:crypto';\nexport const dice = randomInt(6);`,
};

/**
 * Shows that the linter refuses `Math.random` in packages, scripts and tests, by the rules in this folder. An override
 * could switch a rule off for some files.
 *
 * @returns {string[]} where it missed a violation, and where it refused correct code
 */
export function checkLintCanaries() {
  const refused = refusedFiles();
  return folders.flatMap((folder) =>
    Object.keys(files)
      .map((name) => ({ path: `${folder}/${name}`, isBad: name.startsWith('bad') }))
      .filter(({ path, isBad }) => refused.has(path) !== isBad)
      .map(({ path, isBad }) => `lint canary: ${path} is ${isBad ? 'not refused' : 'refused'}`),
  );
}

/** The files of a small tree in which the linter finds the rule broken. */
function refusedFiles() {
  const root = mkdtempSync(join(tmpdir(), 'lint-'));
  try {
    for (const folder of folders) {
      mkdirSync(join(root, folder), { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(join(root, folder, name), text);
    }
    // The rule needs no types, and the tree has none.
    const { options: _types, ...rules } = JSON.parse(readFileSync('.oxlintrc.json', 'utf8'));
    writeFileSync(join(root, '.oxlintrc.json'), JSON.stringify(rules));
    const { stdout } = spawnSync(join(process.cwd(), 'node_modules/.bin/oxlint'), ['--format', 'json'], {
      cwd: root,
      encoding: 'utf8',
    });
    const { diagnostics } = JSON.parse(stdout);
    return new Set(diagnostics.filter(({ code }) => code.includes('no-restricted-properties')).map(pathOf));
  } finally {
    rmSync(root, { recursive: true });
  }
}

const pathOf = ({ filename }) => filename.replaceAll('\\', '/');
