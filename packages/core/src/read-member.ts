import { memberOf } from './model/authorization.ts';
import type { Member } from './model/caller.ts';
import { SallyportError } from './model/errors.ts';
import type { Identity } from './model/genuine-callers.ts';
import type { Ports } from './ports/ports.ts';

/** What it takes to read a member. */
export type AuthenticatingPorts = Pick<Ports, 'users' | 'sessions' | 'clock'>;

/**
 * The member behind an identity, as they are now.
 *
 * @throws SallyportError `invalid_token` | `user_no_longer_exists` | `account_deactivated` | `unavailable`
 */
export async function readMember(
  { users, sessions, clock }: AuthenticatingPorts,
  { userId, sessionId, expiresAt, origin }: Identity,
): Promise<Member> {
  const now = clock.now();
  if (expiresAt && now >= expiresAt) throw new SallyportError('invalid_token');
  const found = await sessions.findWithUser(sessionId);
  if (found && found.user.id !== userId) throw new SallyportError('invalid_token');
  // A session that was purged may have been kept for longer by a host than by the store.
  const user = found?.user ?? (await users.findById(userId));
  return memberOf(origin, user, found?.session, now);
}
