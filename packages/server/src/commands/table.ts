import type { Command } from './command.ts';
import { checkCommands } from './checks.ts';
import { keyCommands } from './keys.ts';
import { migrationCommands } from './migrations.ts';
import { serverCommands } from './server.ts';
import { sessionCommands } from './sessions.ts';
import { transferCommands } from './transfer.ts';
import { userCommands } from './users.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  ...serverCommands,
  ...migrationCommands,
  ...userCommands,
  ...keyCommands,
  ...sessionCommands,
  ...transferCommands,
  ...checkCommands,
];
