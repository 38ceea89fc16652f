import { afterAll, inject } from 'vitest';
import { notes } from './secrecy.mjs';

// Hooks run last in, first out, so this one runs after all others of the file.
afterAll(() => notes.keep(inject('secrecyFolder')));
notes.watchFetch();
