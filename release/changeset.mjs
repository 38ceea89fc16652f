/** Asks what a change means for users, and writes it to `.changeset`. Arguments are those of Changesets' command. */
import { spawnSync } from 'node:child_process';
import { changesets, installTools, root } from './prepare.mjs';

installTools();
const { status } = spawnSync(process.execPath, [changesets, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
