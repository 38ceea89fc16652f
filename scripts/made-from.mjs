import { createHash } from 'node:crypto';

/** The first line of the types of the client that were made from this document. */
export function madeFrom(text) {
  const digest = createHash('sha256').update(text).digest('hex');
  return `// Made from docs/openapi.json (SHA-256 ${digest}) by npm run client:types`;
}
