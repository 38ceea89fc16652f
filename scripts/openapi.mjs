/**
 * Writes the API's OpenAPI document to docs/openapi.json, the list of use cases and events to docs/use-cases.md, and
 * the table of routes of the client. With --check, it says whether these files and the types of the client are up to
 * date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventTypes, policyOf, useCases } from '@sallyport/core';
import { openApiDocument } from '@sallyport/http-api';
import { httpModules, modules, profile } from '@sallyport/server';
import { clientRoutes } from './client-routes.mjs';
import { reference } from './docs/reference.mjs';
import { madeFrom } from './made-from.mjs';

const root = join(import.meta.dirname, '..');
const described = { policy: policyOf({ profile }, modules), modules: httpModules };
const document = openApiDocument(described);
const text = `${JSON.stringify(document, undefined, 2)}\n`;
const tables = [{ name: 'Core', useCases, events: eventTypes }, ...modules];
const files = {
  'docs/use-cases.md': reference({ tables, policy: described.policy, document }),
  'docs/openapi.json': text,
  'packages/client/src/generated/routes.ts': clientRoutes(JSON.parse(text)),
};

for (const [path, content] of Object.entries(files)) {
  const file = join(root, path);
  if (!process.argv.includes('--check')) writeFileSync(file, content);
  else if (readFileSync(file, 'utf8') !== content) refuse(`${path} is not what the routes say: run npm run openapi`);
}

const types = readFileSync(join(root, 'packages/client/src/generated/schema.ts'), 'utf8');
if (!types.startsWith(madeFrom(text))) {
  refuse('The types of the client are made from another document: run npm run client:types');
}

function refuse(sentence) {
  console.error(sentence);
  process.exitCode = 1;
}
