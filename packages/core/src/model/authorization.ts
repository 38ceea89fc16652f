import { type Anyone, isAdmin, type Member, type Who } from './caller.ts';
import { SallyportError } from './errors.ts';
import { isLive, type Session } from './session.ts';
import { withKnownRole } from './roles.ts';
import type { Role, User } from './user.ts';

/**
 * The member who owns this session, if they may act now. A session's row outlives its tokens, so a missing user was
 * deleted.
 *
 * @throws SallyportError `user_no_longer_exists` | `account_deactivated` | `invalid_token`
 */
export function memberOf(
  origin: Anyone,
  user: User | undefined,
  session: Session | undefined,
  now: Date,
  roles: readonly Role[],
): Member {
  if (!user) throw new SallyportError('user_no_longer_exists');
  if (!user.isActive) throw new SallyportError('account_deactivated');
  if (!session || !isLive(session, now)) throw new SallyportError('invalid_token');
  return { ...origin, user: withKnownRole(user, roles), sessionId: session.id };
}

/** @throws SallyportError `admin_required` | `role_required` when the member has none of the accepted roles */
export function refuseOtherRoles(who: Who, member: Member): void {
  if (who === 'anyone' || who === 'member') return;
  if (typeof who === 'object') {
    if (!who.roles.includes(member.user.role)) throw new SallyportError('role_required');
  } else if (!isAdmin(member)) throw new SallyportError('admin_required');
}
