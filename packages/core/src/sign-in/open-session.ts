import { rememberNetwork } from '../limits/known-network.ts';
import type { Anyone } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import type { Origin } from '../model/origin.ts';
import type { Policy } from '../model/policy.ts';
import { holds, type Proof } from '../model/proof.ts';
import { maxSessions, type Session, sessionFor } from '../model/session.ts';
import type { User } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { type Access, type AccessNeeds, issueAccess } from './grant.ts';

/** What is needed to prepare a session. */
export interface NewSessionNeeds extends AccessNeeds, Pick<Ports, 'secrets' | 'clock'> {
  readonly policy: Pick<Policy, 'accessTokenLifetime' | 'roles' | 'sessionLifetime'>;
}

/** A session that is not stored yet, and the access token for it. */
export interface PreparedSession {
  readonly session: Session;
  readonly access: Access;
}

/**
 * A session of this user that starts now. Everything that can fail comes before the session is stored: an unreachable session would
 * evict a live one.
 */
export async function prepareSession(
  needs: NewSessionNeeds,
  origin: Origin,
  user: User,
  methods: Proof['methods'],
): Promise<PreparedSession> {
  const { secrets, clock, policy } = needs;
  const lifetime = { now: clock.now(), lifetime: policy.sessionLifetime };
  const session = sessionFor({ userId: user.id, methods }, secrets.sessionId(), origin, lifetime);
  return { session, access: await issueAccess(needs, { session, user }, session.createdAt) };
}

/** A session that was stored, and the current state of its user. */
export interface OpenedSession {
  readonly user: User;
  /** Whether this user agent opened no session of the account before. */
  readonly newDevice: boolean;
}

/**
 * Turns a proof into a session, under the account's lock. Every session is opened here, whatever the first factor was.
 * Returns `undefined` if the account was deactivated or its credentials changed since the proof.
 *
 * @throws SallyportError `email_not_verified` if the policy requires a verified address
 */
export async function openSession(
  transaction: Transaction,
  { emailVerification }: Pick<Policy, 'emailVerification'>,
  caller: Anyone,
  proof: Proof,
  { session }: PreparedSession,
): Promise<OpenedSession | undefined> {
  const { users, sessions, audit } = transaction;
  const current = await users.lockCredentials(proof.userId);
  if (!current?.user.isActive || !holds(proof, current)) return undefined;
  const { user } = current;
  if (emailVerification === 'required' && !user.emailVerified) throw new SallyportError('email_not_verified');

  const now = session.createdAt;
  const { ended: count, isKnownDevice } = await sessions.open(session, maxSessions - 1);
  if (count > 0) await audit.append(eventOf('session.ended', { ...caller, user }, now, user.id, { count }));
  await rememberNetwork(transaction, caller, user.id, { did: 'sign-in', at: now });
  return { user, newDevice: !isKnownDevice };
}
