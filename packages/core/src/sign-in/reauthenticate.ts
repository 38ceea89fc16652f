import { authorize } from '../authorize.ts';
import { bucketOf, countIn, type Limiting } from '../limits/admit.ts';
import { countFailure, forgetFailures } from '../limits/guessing.ts';
import { notify, type Notifying } from '../mails/queue-mail.ts';
import type { Member } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { holds, type Proof } from '../model/proof.ts';
import type { SessionId } from '../model/session.ts';
import type { Ports } from '../ports/ports.ts';
import type { Credentials } from '../ports/users.ts';
import { provePassword } from './prove-password.ts';

/** Wrong passwords in a row after which a session ends: the thief of a session guesses, its owner knows the password. */
const maxFailures = 10;

/** Seconds after which they are forgotten. */
const memory = 30 * 24 * 60 * 60;

/** What is needed to ask a member for the password again. */
export type Reauthenticating = Limiting & Notifying & Pick<Ports, 'users' | 'unitOfWork' | 'hasher'>;

/**
 * Asks a member for the password again, before an action that the thief of a session must not take (OWASP ASVS,
 * "Re-authentication"). A wrong password counts like a failed login; after ten in a row, the session ends.
 *
 * @throws SallyportError `current_password_incorrect` | `user_no_longer_exists` | `unavailable`
 */
export async function reauthenticate(needs: Reauthenticating, caller: Member, password: string): Promise<Proof> {
  const { rateLimiter, secrets } = needs;
  const { user, sessionId } = caller;
  const { credentials, proof } = await provePassword(needs, { id: user.id }, password);
  if (!credentials) throw new SallyportError('user_no_longer_exists');
  if (!proof) {
    await recordFailure(needs, caller);
    throw new SallyportError('current_password_incorrect');
  }
  if (needs.policy.limits !== 'off') {
    await forgetFailures(needs, credentials.user.email);
    await rateLimiter.forget(bucketOf(secrets, failuresOf(sessionId)));
  }
  return proof;
}

async function recordFailure(needs: Reauthenticating, caller: Member): Promise<void> {
  const { unitOfWork, clock } = needs;
  const { user, sessionId } = caller;
  const isSlowed = await countFailure(needs, user.email);
  const isOver = await isGuessed(needs, sessionId);
  await unitOfWork.run(async (transaction) => {
    const { actor } = await authorize(transaction);
    const { audit, sessions } = transaction;
    const now = clock.now();
    await audit.append(eventOf('user.reauthentication_failed', caller, now, user.id));
    if (isSlowed) await audit.append(eventOf('user.login_slowed', caller, now, user.id));
    if (!isOver) return;
    await sessions.end(sessionId, now);
    await audit.append(eventOf('session.ended', caller, now, user.id, { count: 1, reason: 'guessing' }));
    const notice = { kind: 'session-stolen', at: now, data: { reason: 'guessing' } } as const;
    await notify(needs, transaction, caller, actor.user, notice);
  });
}

/** Counts a wrong password of a session. Returns whether it was one too many. */
async function isGuessed(needs: Reauthenticating, sessionId: SessionId): Promise<boolean> {
  if (needs.policy.limits === 'off') return false;
  const { count } = await countIn(needs, memory, failuresOf(sessionId));
  return count >= maxFailures;
}

const failuresOf = (sessionId: SessionId) => ['reauthentication', sessionId] as const;

/**
 * Refuses a proof if the credentials changed since then.
 *
 * @throws SallyportError `current_password_incorrect`
 */
export function refuseStale(proof: Proof, current: Credentials): void {
  if (!holds(proof, current)) throw new SallyportError('current_password_incorrect');
}
