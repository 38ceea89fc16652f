import { afterAll, inject } from 'vitest';
import { notes } from './secrecy.mjs';

// Hooks run last in, first out: this one after every other of the file.
afterAll(() => notes.keep(inject('secrecyFolder')));
notes.watchFetch();
