import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const bin = (name) => join(import.meta.dirname, 'node_modules/.bin', name);

/** Runs a program of this folder. Its output is part of the error if it fails. */
async function tool(name, args, cwd) {
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' };
  try {
    await run(bin(name), args, { cwd, env, maxBuffer: 1 << 24 });
  } catch (error) {
    throw new Error(`${name} failed:\n${error.stdout}${error.stderr}`, { cause: error });
  }
}

/** Checks the document by every rule that Redocly recommends, of which none is disabled. */
export const lintByRedocly = (document, folder) =>
  tool('redocly', ['lint', '--extends', 'recommended-strict', document], folder);

/** Checks the document by every rule for OpenAPI that Spectral has, of which none is disabled. */
export async function lintBySpectral(document, folder) {
  const rules = join(folder, 'spectral.json');
  writeFileSync(rules, JSON.stringify({ extends: ['spectral:oas'] }));
  await tool('spectral', ['lint', '--ruleset', rules, '--fail-severity', 'hint', document], folder);
}

/**
 * The generators of clients: each writes its files into a folder.
 *
 * @type {Record<string, (document: string, folder: string) => Promise<void>>}
 */
export const generators = {
  'openapi-typescript': (document, folder) =>
    tool('openapi-typescript', [document, '--output', join(folder, 'schema.ts')], folder),
  'hey-api': (document, folder) =>
    tool('openapi-ts', ['--input', document, '--output', folder, '--client', '@hey-api/client-fetch'], folder),
  async orval(document, folder) {
    const config = join(folder, 'orval.config.cjs');
    const output = { target: join(folder, 'api.ts'), schemas: join(folder, 'model'), client: 'fetch', mode: 'split' };
    writeFileSync(config, `module.exports = ${JSON.stringify({ api: { input: document, output } })};`);
    await tool('orval', ['--config', config], folder);
  },
};
