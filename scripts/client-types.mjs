/** Writes the types of the client, which are made from docs/openapi.json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installTools } from '../generators/install.mjs';

const root = join(import.meta.dirname, '..');
installTools();
const { clientTypes } = await import('../generators/client-types.mjs');
const text = readFileSync(join(root, 'docs/openapi.json'), 'utf8');
writeFileSync(join(root, 'packages/client/src/generated/schema.ts'), await clientTypes(text));
