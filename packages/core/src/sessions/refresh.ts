import * as v from 'valibot';
import { admit, type Limiting } from '../limits/admit.ts';
import { notify, type Notifying } from '../mails/queue-mail.ts';
import { networkOf } from '../model/address-block.ts';
import type { Anyone } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { originOf } from '../model/origin.ts';
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

/** Networks that a session remembers: a phone changes between some, and a computer may use both kinds of addresses. */
const maxNetworks = 4;

/** Requests within a day with the previous token, from networks that the session does not remember, that are theft. */
const maxShared = 3;
const day = 24 * 60 * 60;

type Needs = Limiting &
  Notifying &
  AccessNeeds &
  GrantNeeds &
  Pick<Ports, 'sessions' | 'unitOfWork'> & {
    readonly policy: Pick<Policy, 'accessTokenLifetime' | 'refreshTokenLifetime' | 'limits'>;
  };

/**
 * Rotates a session's refresh token and issues an access token (RFC 9700, section 4.14.2). The previous token gets the
 * same successor for 30 seconds. A token older than that was copied: the session ends, and its user gets a mail. The
 * same happens if networks that never rotated the token use the previous one for the third time within a day.
 */
export const refresh = useCase({
  caller: 'anyone',
  input: v.object({ refreshToken: GrantView.entries.refreshToken }),
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
    // token. A token that will be refused must reach its refusal, which may record a theft, so it gets nothing here.
    const early = maySucceed(needs, known, claims, now) ? await issueAccess(needs, known, now) : undefined;
    // A refusal is returned, not thrown, because the events that it records must be committed.
    const found = await unitOfWork.run((transaction) => turn(needs, transaction, caller, claims, now));
    if (!found) throw new SallyportError('invalid_refresh_token');
    return grant(needs, early ?? (await issueAccess(needs, found, now)), found);
  },
});

/** Whether the token would be accepted if the session stayed as it is, except that a rotation may be shared too often. */
function maySucceed(needs: Needs, known: SessionWithUser, { generation }: RefreshTokenClaims, now: Date): boolean {
  const isCurrent = generation === known.session.generation || isWithinGrace(known, generation, now);
  return isCurrent && isUsable(needs, known, now);
}

function isUsable({ policy }: Needs, { session, user }: SessionWithUser, now: Date): boolean {
  return user.isActive && isRefreshable(session, now, policy);
}

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
  const client = { network: networkOf(caller.ip), userAgent: originOf(caller).userAgent, keep: maxNetworks };
  const turned = await sessions.turn(sessionId, generation, { at: now, usedSince }, client);
  const found = turned ?? (await sessions.lock(sessionId));
  if (!found) return undefined;
  const { session, user } = found;
  const isInGrace = isWithinGrace(found, generation, now);
  if (!isUsable(needs, found, now)) {
    if (isInGrace) await audit.append(eventOf('session.refresh_refused', caller, now, user.id));
    return undefined;
  }
  if (turned) return found;
  if (generation >= session.generation) return undefined;
  if (isInGrace && (await mayShare(transaction, caller, found, now))) return found;

  await sessions.end(sessionId, now);
  await audit.append(eventOf('session.stolen', caller, now, user.id));
  await notify(needs, transaction, caller, user, { kind: 'session-stolen', at: now });
  return undefined;
}

function isWithinGrace({ session }: SessionWithUser, generation: number, now: Date): boolean {
  return generation === session.generation - 1 && now <= secondsAfter(session.turnedAt, grace);
}

/**
 * Whether a client with the previous token may have its successor. A network that has rotated the token may ask as often
 * as it likes. A request from another one is recorded, and so is one from another user agent. If the token was rotated
 * from a network that was new to the session, a thief may have been faster than the owner, so a request from elsewhere
 * is recorded too.
 */
async function mayShare(
  { sessions, audit }: Transaction,
  caller: Anyone,
  { session, user }: SessionWithUser,
  now: Date,
): Promise<boolean> {
  const network = networkOf(caller.ip);
  const { networks, fromNewNetwork } = session;
  const otherNetwork = !networks.includes(network) || (fromNewNetwork && networks[0] !== network);
  const otherUserAgent = originOf(caller).userAgent !== session.refreshedBy;
  if (!otherNetwork && !otherUserAgent) return true;
  await audit.append(eventOf('session.shared', caller, now, user.id, { otherNetwork, otherUserAgent }));
  if (!otherNetwork) return true;
  const sharedAt = [...session.sharedAt.filter((at) => at > secondsAfter(now, -day)), now];
  await sessions.recordSharing(session.id, sharedAt);
  return sharedAt.length < maxShared;
}
