/**
 * Races each pair of writes for many rounds, on real Postgres: none may deadlock.
 * `node scripts/lock-rounds.mjs --rounds 50`
 */
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } });
process.env['LOCK_ROUNDS'] = values.rounds;
await startVitest('test', ['packages/server/test/lock-pairs.test.ts'], { project: ['integration'], watch: false });
