import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultTimeouts } from '@sallyport/hardened-server';

export const root = join(import.meta.dirname, '../..');

export const read = (file) => readFileSync(join(root, file), 'utf8');

export const exists = (file) => existsSync(join(root, file));

/** The variables of the server, which a test keeps equal to its schema, with their defaults. */
const variables = new Map(
  [...read('.env.example').matchAll(/^# ([A-Z][A-Z_]*)=(.*)$/gm)].map(([, name, value]) => [name, value]),
);

export const port = Number(variables.get('PORT'));

/** The probes that the server answers. */
export const probes = { live: '/health/live', ready: '/health/ready' };

/** Seconds that a node may take to stop: for the balancer, for requests in flight, for a mail server, and for spans. */
export const secondsToStop = (defaultTimeouts.retire + defaultTimeouts.drain) / 1000 + 2 + 2;

/** The commands of the server. */
export const commands = ['serve', 'migrate'];

/** The file that starts the server. */
export const launcher = 'packages/server/bin/sallyport.cjs';

/** Names that the server does not know. Those of Node and of the C library are not its own. */
export function unknownVariables(names, where) {
  return names
    .filter((name) => !variables.has(name) && !/^(NODE|MALLOC)_/.test(name))
    .map((name) => `${where}: the server has no variable ${name}`);
}

/** Sentences for what does not hold. */
export function failing(where, claims) {
  return Object.entries(claims)
    .filter(([, holds]) => !holds)
    .map(([claim]) => `${where}: ${claim}`);
}

/** The files of the working tree that Git does not ignore. */
export function listFiles(...patterns) {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed.trim().split('\n').filter(exists);
}
