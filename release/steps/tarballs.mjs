import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { budgets, otherwise } from '../budgets.mjs';
import { root } from '../prepare.mjs';
import { run } from '../../scripts/packages/run.mjs';

const required = ['package.json', 'README.md', 'LICENSE'];
const unwanted = [/\.test\./, /\.tsbuildinfo$/, /^test\//, /^node_modules\//, /(^|\/)\.build$/, /made-from\.txt$/];

/**
 * What is wrong with the contents of a tarball: files that are missing or do not belong there, paths of this machine,
 * and its size.
 *
 * @param {import('../../scripts/packages/pack.mjs').Packed} packed
 * @returns {string[]}
 */
export function checkContents({ name, tarball, files, packedSize }) {
  const { packed: budget } = budgets[name] ?? otherwise;
  const size = Math.ceil(packedSize / 1000);
  // As one text: file by file, it would be unpacked hundreds of times.
  const everything = execFileSync('sh', ['-c', 'gzip -dc "$1"', '', tarball], { maxBuffer: 1 << 28 });
  const places = [root, homedir(), tmpdir()].filter((place) => place.length > 1);
  return [
    ...required.filter((file) => !files.includes(file)).map((file) => `${name}: ${file} is missing`),
    ...files
      .filter((file) => unwanted.some((pattern) => pattern.test(file)))
      .map((file) => `${name}: ${file} does not belong there`),
    ...places
      .filter((place) => everything.includes(`${place}/`))
      .map((place) => `${name}: it contains the path ${place}`),
    ...(size > budget ? [`${name}: its tarball has ${size} KB, more than ${budget}`] : []),
  ];
}

/**
 * What publint and Are the Types Wrong say about a package. All packages are ES modules alone.
 *
 * @param {import('../../scripts/packages/pack.mjs').Packed} packed
 * @returns {Promise<string[]>}
 */
export async function lint({ name, tarball, manifest }) {
  const { buffer } = new Uint8Array(readFileSync(tarball));
  const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
  const said = messages.map((message) => `${name}: publint: ${formatMessage(message, manifest)}`);
  try {
    const attw = join(
      dirname(createRequire(import.meta.url).resolve('@arethetypeswrong/cli/package.json')),
      'dist/index.js',
    );
    await run([process.execPath, attw, tarball, '--profile', 'esm-only', '--no-emoji', '--no-color', '--quiet'], {});
    return said;
  } catch (error) {
    return [...said, `${name}: Are the Types Wrong: ${error.message}`];
  }
}
