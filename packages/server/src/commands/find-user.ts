import type { Opened } from './with-application.ts';
import { type PlainCall, UsageError } from './command.ts';
import { wholeNumber } from './options.ts';

/**
 * The account that an argument names, by its address or its id.
 *
 * @throws UsageError | SallyportError `user_not_found` | `validation_failed`
 */
export function findUser({ application, system }: Opened, { arguments: [named = ''] }: Pick<PlainCall, 'arguments'>) {
  if (named.includes('@')) return application.findUserByEmail.execute(system, { email: named });
  const id = wholeNumber('The account', named);
  if (id === undefined) throw new UsageError('Name the account by its e-mail address or by its id');
  return application.getAnyUser.execute(system, { id });
}
