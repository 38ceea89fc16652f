import type { Options } from './command.ts';

/** Options of `users create`. */
export const creationOptions = {
  name: { type: 'string', value: 'NAME', help: 'name of the member (required)' },
  role: { type: 'string', value: 'ROLE', help: 'user or admin; user if absent' },
  invite: { type: 'boolean', help: 'mail a link that sets the password; this is what happens if absent' },
  password: { type: 'boolean', help: 'ask for the password on the terminal' },
  'password-stdin': { type: 'boolean', help: 'read the password from standard input' },
  field: {
    type: 'string',
    multiple: true,
    value: 'NAME=VALUE',
    help: 'a field of the profile, such as city=Rome; may be repeated',
  },
  verified: { type: 'boolean', help: 'the address is known to be theirs, and no mail has to confirm it' },
  'external-id': { type: 'string', value: 'ID', help: 'id of the member in another system' },
} as const satisfies Options;

/** Options of `users list`. */
export const listOptions = {
  search: { type: 'string', value: 'TEXT', help: 'the beginning of the e-mail address or of words of the name' },
  role: { type: 'string', value: 'ROLE', help: 'only accounts with this role' },
  active: { type: 'boolean', help: 'only active accounts' },
  inactive: { type: 'boolean', help: 'only deactivated accounts' },
  unverified: { type: 'boolean', help: 'only accounts whose address is not verified' },
  'external-id': { type: 'string', value: 'ID', help: 'the account with this id in another system' },
  limit: { type: 'string', value: 'N', help: 'accounts per page, from 1 to 100; 50 if absent' },
  after: { type: 'string', value: 'ID', help: 'continue behind this id: the next page' },
} as const satisfies Options;

/** Options of `users sessions`. */
export const sessionsOptions = {
  end: { type: 'boolean', help: 'end all of them' },
  limit: { type: 'string', value: 'N', help: 'sessions per page, from 1 to 100; 50 if absent' },
  after: { type: 'string', value: 'ID', help: 'continue behind this id: the next page' },
} as const satisfies Options;
