import type { Options } from './command.ts';

/** Options of `calibrate`. */
export const calibrateOptions = {
  'target-ms': { type: 'string', value: 'MS', help: 'how long one hash may take; 250 if absent' },
  'memory-mib': {
    type: 'string',
    value: 'MIB',
    help: 'memory that all hashes together may take; a quarter of the machine if absent',
  },
} as const satisfies Options;
