import type { Member } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { happened } from '../model/domain-event.ts';
import type { Ports } from '../ports/ports.ts';
import type { Credentials, WritableUsers } from '../ports/users.ts';

/**
 * Has a member prove once more who they are, before what a thief of a session must not do (OWASP ASVS, section
 * "Re-authentication").
 *
 * @throws SallyportError `current_password_incorrect` | `user_no_longer_exists` | `unavailable`
 */
export async function reauthenticate(
  { users, unitOfWork, hasher, clock }: Pick<Ports, 'users' | 'unitOfWork' | 'hasher' | 'clock'>,
  caller: Member,
  password: string,
): Promise<Credentials> {
  const { id } = caller.user;
  const proven = await users.findCredentials({ id });
  if (!proven) throw new SallyportError('user_no_longer_exists');
  if (await hasher.verify(password, proven.passwordHash)) return proven;
  await unitOfWork.run(({ audit }) => audit.append(happened('user.reauthentication_failed', caller, clock.now(), id)));
  throw new SallyportError('current_password_incorrect');
}

/**
 * Locks the account of somebody who proved who they are, if that proof is still one.
 *
 * @throws SallyportError `current_password_incorrect` | `account_deactivated` | `user_no_longer_exists`
 */
export async function lockProven(users: WritableUsers, proven: Credentials): Promise<Credentials> {
  const current = await users.lockCredentials(proven.user.id);
  if (!current) throw new SallyportError('user_no_longer_exists');
  if (!current.user.isActive) throw new SallyportError('account_deactivated');
  // What was proven was replaced meanwhile: it is the current password no more.
  if (current.passwordHash !== proven.passwordHash) throw new SallyportError('current_password_incorrect');
  return current;
}
