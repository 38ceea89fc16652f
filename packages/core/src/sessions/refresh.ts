import * as v from 'valibot';
import { admit, type Limiting } from '../limits/admit.ts';
import { type Mailing, queueMail } from '../mails/queue-mail.ts';
import type { Anyone } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import { isRefreshable } from '../model/session.ts';
import type { Ports } from '../ports/ports.ts';
import type { RefreshTokenClaims } from '../ports/refresh-tokens.ts';
import type { SessionWithUser } from '../ports/sessions.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { type AccessNeeds, grant, type GrantNeeds, GrantView, issueAccess } from '../sign-in/grant.ts';
import { useCase } from '../use-case.ts';

/**
 * Seconds in which the previous token still gets the current one: a response may have been lost, or two tabs may have
 * refreshed at once.
 */
const grace = 30;

type Needs = Limiting &
  Mailing &
  AccessNeeds &
  GrantNeeds &
  Pick<Ports, 'sessions' | 'unitOfWork'> & {
    readonly policy: Pick<Policy, 'accessTokenLifetime' | 'refreshTokenLifetime' | 'limits'>;
  };

/**
 * Rotates a session's refresh token and issues an access token (RFC 9700, section 4.14.2). A token older than the
 * previous one was copied: the session ends, and its user gets a mail.
 */
export const refresh = useCase({
  caller: 'anyone',
  input: v.object({ refreshToken: v.string() }),
  output: GrantView,
  errors: ['invalid_refresh_token', 'rate_limited'],
  async run(needs: Needs, caller, { refreshToken }) {
    const { sessions, unitOfWork, refreshTokens, clock } = needs;
    await admit(needs, 'refresh', caller);
    const claims = await refreshTokens.read(refreshToken);
    if (!claims) throw new SallyportError('invalid_refresh_token');

    const known = await sessions.findWithUser(claims.sessionId);
    if (!known) throw new SallyportError('invalid_refresh_token');
    const now = clock.now();
    // Everything that can fail comes before the rotation. After it, a client without a response retries with the old
    // token.
    const access = await issueAccess(needs, known, now);
    // A refusal is returned, not thrown, because the events that it records must be committed.
    const found = await unitOfWork.run((transaction) => turn(needs, transaction, caller, claims, now));
    if (!found) throw new SallyportError('invalid_refresh_token');
    return grant(needs, access, found);
  },
});

/** The session after the rotation; `undefined` if the token is refused. */
async function turn(
  needs: Needs,
  transaction: Transaction,
  caller: Anyone,
  { sessionId, generation }: RefreshTokenClaims,
  now: Date,
): Promise<SessionWithUser | undefined> {
  const { policy } = needs;
  const { sessions, audit } = transaction;
  const usedSince = secondsAfter(now, -policy.refreshTokenLifetime);
  const turned = await sessions.turn(sessionId, generation, { at: now, usedSince });
  const found = await sessions.lock(sessionId);
  if (!found) return undefined;
  const { session, user } = found;
  const isInGrace = isWithinGrace(found, generation, now);
  if (!user.isActive || !isRefreshable(session, now, policy)) {
    if (isInGrace) await audit.append(eventOf('session.refresh_refused', caller, now, user.id));
    return undefined;
  }
  if (turned || isInGrace) return found;

  if (generation >= session.generation) return undefined;
  await sessions.end(sessionId, now);
  await audit.append(eventOf('session.stolen', caller, now, user.id));
  const { id: userId, email } = user;
  await queueMail(needs, transaction, caller, { kind: 'session-stolen', email, userId, queuedAt: now });
  return undefined;
}

function isWithinGrace({ session }: SessionWithUser, generation: number, now: Date): boolean {
  return generation === session.generation - 1 && now <= secondsAfter(session.turnedAt, grace);
}
