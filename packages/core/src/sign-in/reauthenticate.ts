import { authorize } from '../authorize.ts';
import type { Member } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { holds, type Proof } from '../model/proof.ts';
import type { Ports } from '../ports/ports.ts';
import type { Credentials } from '../ports/users.ts';
import { provePassword } from './prove-password.ts';

/**
 * Asks a member for the password again, before an action that the thief of a session must not take (OWASP ASVS,
 * "Re-authentication").
 *
 * @throws SallyportError `current_password_incorrect` | `user_no_longer_exists` | `unavailable`
 */
export async function reauthenticate(
  needs: Pick<Ports, 'users' | 'unitOfWork' | 'hasher' | 'clock'>,
  caller: Member,
  password: string,
): Promise<Proof> {
  const { unitOfWork, clock } = needs;
  const { id } = caller.user;
  const { credentials, proof } = await provePassword(needs, { id }, password);
  if (proof) return proof;
  if (!credentials) throw new SallyportError('user_no_longer_exists');
  await unitOfWork.run(async (transaction) => {
    await authorize(transaction);
    await transaction.audit.append(eventOf('user.reauthentication_failed', caller, clock.now(), id));
  });
  throw new SallyportError('current_password_incorrect');
}

/**
 * Refuses a proof if the credentials changed since then.
 *
 * @throws SallyportError `current_password_incorrect`
 */
export function refuseStale(proof: Proof, current: Credentials): void {
  if (!holds(proof, current)) throw new SallyportError('current_password_incorrect');
}
