import type { Origin } from '../model/origin.ts';
import type { Policy } from '../model/policy.ts';
import { openSession, type Session } from '../model/session.ts';
import type { UserId } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import { type Access, type AccessNeeds, issueAccess } from './grant.ts';

/** What it takes to open a session. */
export interface NewSessionNeeds extends AccessNeeds, Pick<Ports, 'secrets' | 'clock'> {
  readonly policy: Pick<Policy, 'accessTokenLifetime' | 'sessionLifetime'>;
}

/**
 * A session that starts now, not stored yet, and the access token for it. What can fail comes before the session is
 * stored: an unreachable session would evict a live one.
 */
export async function newSession(
  needs: NewSessionNeeds,
  origin: Origin,
  userId: UserId,
): Promise<{ readonly session: Session; readonly access: Access }> {
  const { secrets, clock, policy } = needs;
  const lifetime = { now: clock.now(), lifetime: policy.sessionLifetime };
  const session = openSession(secrets.sessionId(), userId, origin, lifetime);
  return { session, access: await issueAccess(needs, session, session.createdAt) };
}
