import { execFileSync } from 'node:child_process';

const idOf = (option) => Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));

/** The user for servers that refuse to run as root: options of `spawn`, empty if this process does not run as root. */
export const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
