import { memberOf } from './model/authorization.ts';
import type { Member } from './model/caller.ts';
import { SallyportError } from './model/errors.ts';
import type { Identity } from './model/genuine-callers.ts';
import type { Policy } from './model/policy.ts';
import type { Ports } from './ports/ports.ts';

/** What is needed to read a member. */
export type Authenticating = Pick<Ports, 'users' | 'sessions' | 'clock'> & {
  readonly policy: Pick<Policy, 'roles'>;
};

/**
 * The current state of the member behind an identity.
 *
 * @throws SallyportError `invalid_token` | `user_no_longer_exists` | `account_deactivated` | `unavailable`
 */
export async function readMember(
  { users, sessions, clock, policy }: Authenticating,
  { userId, sessionId, expiresAt, origin }: Identity,
): Promise<Member> {
  const now = clock.now();
  if (expiresAt && now >= expiresAt) throw new SallyportError('invalid_token');
  const found = await sessions.findWithUser(sessionId);
  if (found && found.user.id !== userId) throw new SallyportError('invalid_token');
  // A host may keep a session for longer than the store does, and the store may have purged it.
  const user = found?.user ?? (await users.findById(userId));
  return memberOf(origin, user, found?.session, now, policy.roles);
}
