import type { Origin } from '../model/origin.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import type { UserId } from '../model/user.ts';
import { type Access, letAct } from './grant.ts';
import { openSession, type Session } from '../model/session.ts';

type Needs = Pick<Ports, 'accessTokens' | 'secrets' | 'clock'>;
type Lifetimes = Pick<Policy, 'accessTokenLifetime' | 'sessionLifetime'>;

/**
 * A session that starts now, not stored yet, and the access token for it. What can fail comes before the session is
 * stored: a session that no client knows of would take the place of a live one.
 */
export async function newSession(
  ports: Needs,
  policy: Lifetimes,
  origin: Origin,
  userId: UserId,
): Promise<{ readonly session: Session; readonly access: Access }> {
  const { secrets, clock } = ports;
  const session = openSession(secrets.sessionId(), userId, origin, {
    now: clock.now(),
    lifetime: policy.sessionLifetime,
  });
  return { session, access: await letAct(ports, policy, session, session.createdAt) };
}
