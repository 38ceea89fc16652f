import { SallyportError } from '../model/errors.ts';
import type { UserId } from '../model/user.ts';
import type { WritableUsers } from '../ports/users.ts';

/**
 * Refuses to take away the last active admin. All of them stay locked until the transaction ends, so
 * that two admins who would remove each other meet here. To be asked before any other row is locked.
 *
 * @throws SallyportError `last_admin`
 */
export async function keepAnAdmin(users: WritableUsers, leaving: UserId): Promise<void> {
  const admins = await users.lockActiveAdmins();
  if (admins.length === 1 && admins[0] === leaving) throw new SallyportError('last_admin');
}
