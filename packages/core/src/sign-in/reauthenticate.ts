import { authorize } from '../authorize.ts';
import type { Member } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import type { Ports } from '../ports/ports.ts';
import type { Credentials } from '../ports/users.ts';

/**
 * Has a member prove once more who they are, before an action that the thief of a session must not take (OWASP ASVS,
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
  await unitOfWork.run(async (transaction) => {
    await authorize(transaction);
    await transaction.audit.append(eventOf('user.reauthentication_failed', caller, clock.now(), id));
  });
  throw new SallyportError('current_password_incorrect');
}

/**
 * Refuses a proof of a password that was replaced since.
 *
 * @throws SallyportError `current_password_incorrect`
 */
export function refuseReplaced(current: Credentials, proven: Credentials): void {
  if (current.passwordHash !== proven.passwordHash) throw new SallyportError('current_password_incorrect');
}
