/**
 * Tests the server behind a real PgBouncer: every promise once, then two nodes that answer a mixture of requests, each
 * answer checked against the client that asked. `node scripts/pooler-rounds.mjs --requests 100000`
 */
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const { values } = parseArgs({ options: { requests: { type: 'string', default: '4000' } } });
process.env['POOLER_REQUESTS'] = values.requests;
await startVitest('test', [], { config: 'vitest.pooler.config.ts', watch: false });
