/** Writes the API's OpenAPI document to docs/openapi.json. With --check, it says whether the file is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyOf } from '@sallyport/core';
import { openApiDocument } from '@sallyport/http-api';
import { httpModules, modules, profile } from '@sallyport/server';

const file = join(import.meta.dirname, '../docs/openapi.json');
const described = { policy: policyOf({ profile }, modules), modules: httpModules };
const document = `${JSON.stringify(openApiDocument(described), undefined, 2)}\n`;

if (!process.argv.includes('--check')) writeFileSync(file, document);
else if (readFileSync(file, 'utf8') !== document) {
  console.error('docs/openapi.json is not what the routes say: run npm run openapi');
  process.exitCode = 1;
}
