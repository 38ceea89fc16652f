import { afterAll } from 'vitest';
import { dropDatabases } from './databases.ts';

// Hooks run last in, first out: a file's own hooks, which close its connections, come before this one.
afterAll(dropDatabases);
