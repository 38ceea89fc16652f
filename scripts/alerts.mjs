/**
 * Causes each alert on a real server, and has Prometheus' own promtool evaluate the rules on what was scraped.
 */
import { startVitest } from 'vitest/node';
import { findProgram } from './programs.mjs';

const { PROMTOOL } = process.env;
process.env['PROMTOOL'] = findProgram([PROMTOOL, '/usr/bin/promtool', '/usr/local/bin/promtool'], 'prometheus');
await startVitest('test', [], { config: 'vitest.alerts.config.ts', watch: false });
