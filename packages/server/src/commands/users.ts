import { command } from './command.ts';
import { creationOptions, listOptions, sessionsOptions } from './user-options.ts';

const account = ['EMAIL|ID'];

/** Accounts, as admins see and change them. */
export const userCommands = [
  command({
    name: 'users create',
    arguments: ['EMAIL'],
    options: creationOptions,
    summary: 'create an account, with --role admin also the first one of an admin',
    details: `A password is never an argument, because other users of the machine could read it. The running server sends the
mail. Without a mail server, mails are files in DATA_DIR/outbox, whose header X-Link has the link.`,
    run: async (call) => (await import('./create-user.ts')).createUser(call),
  }),
  command({
    name: 'users list',
    options: listOptions,
    summary: 'list accounts by ascending id',
    run: async (call) => (await import('./list-users.ts')).listUsers(call),
  }),
  command({
    name: 'users show',
    arguments: account,
    summary: 'show an account and its profile',
    run: async (call) => (await import('./show-user.ts')).showUser(call),
  }),
  command({
    name: 'users role',
    arguments: [...account, 'ROLE'],
    summary: 'give an account another role, from its next request on',
    details: 'The last active admin stays one.',
    run: async (call) => (await import('./change-user.ts')).changeRole(call),
  }),
  command({
    name: 'users deactivate',
    arguments: account,
    summary: 'deactivate an account, and end its sessions',
    details: 'The member is told by mail. The last active admin stays active.',
    run: async (call) => (await import('./change-user.ts')).deactivate(call),
  }),
  command({
    name: 'users activate',
    arguments: account,
    summary: 'activate an account again',
    run: async (call) => (await import('./change-user.ts')).activate(call),
  }),
  command({
    name: 'users reset',
    arguments: account,
    summary: 'mail a link that sets a new password',
    details: `An account that has no password yet gets its invitation again. The password stays valid until another one is set.
The running server sends the mail. Without a mail server, mails are files in DATA_DIR/outbox.`,
    run: async (call) => (await import('./reset-user.ts')).resetUser(call),
  }),
  command({
    name: 'users sessions',
    arguments: account,
    options: sessionsOptions,
    summary: 'list the live sessions of an account, the newest first, or end them',
    run: async (call) => (await import('./user-sessions.ts')).userSessions(call),
  }),
  command({
    name: 'users unslow',
    arguments: account,
    summary: 'clear the failed passwords of an account, so that its logins are no longer slowed down',
    details: 'It takes effect where the failures are counted: in Redis or on Postgres, for all nodes.',
    run: async (call) => (await import('./reset-user.ts')).unslowUser(call),
  }),
];
