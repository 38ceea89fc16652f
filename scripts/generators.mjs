/**
 * Tries the OpenAPI document with the linters and code generators of others: it must be clean under their rules, what
 * they generate must compile, and must have the names that a person would give. Checks the types of our own client too.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installTools } from '../generators/install.mjs';

installTools();
const { generators, lintByRedocly, lintBySpectral } = await import('../generators/tools.mjs');
const { clientTypes } = await import('../generators/client-types.mjs');
const { wrongNames } = await import('./generators/wrong-names.mjs');

const root = join(import.meta.dirname, '..');
const document = join(root, 'docs/openapi.json');
const folder = mkdtempSync(join(tmpdir(), 'sallyport-generators-'));
const failures = [];

try {
  await Promise.all([check(lintByRedocly(document, folder)), check(lintBySpectral(document, folder))]);
  for (const [name, generate] of Object.entries(generators)) {
    const own = join(folder, name);
    mkdirSync(own);
    await check(generate(document, own).then(() => wrongNames(name, own)));
  }
  const types = await clientTypes(readFileSync(document, 'utf8'));
  if (types !== readFileSync(join(root, 'packages/client/src/generated/schema.ts'), 'utf8')) {
    failures.push('The types of the client are not those of the document: run npm run client:types');
  }
} finally {
  rmSync(folder, { recursive: true });
}

for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
console.log(`Redocly and Spectral read the document; ${Object.keys(generators).join(', ')} generated from it.`);

/** Waits for a check, which returns what is wrong or fails. */
async function check(going) {
  try {
    failures.push(...((await going) ?? []));
  } catch (error) {
    failures.push(error.message);
  }
}
