import * as v from 'valibot';
import type { AuthenticationMethod, Proof } from './proof.ts';
import type { UserId } from './user.ts';
import { type Origin, originOf } from './origin.ts';
import { type Policy, secondsAfter } from './policy.ts';

/** 128 random bits in base64url. */
export const SessionId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/));
export type SessionId = string;

/** One login on one device, from then until it ends. */
export interface Session extends Origin {
  readonly id: SessionId;
  readonly userId: UserId;
  /** How its user proved who they are when it was opened, and when. */
  readonly methods: readonly AuthenticationMethod[];
  readonly authenticatedAt: Date;
  /** How often its refresh token has turned. */
  readonly generation: number;
  readonly createdAt: Date;
  /** When somebody last logged in or refreshed. */
  readonly lastUsedAt: Date;
  /** When its refresh token last turned. */
  readonly turnedAt: Date;
  /** When it is over at the latest. */
  readonly expiresAt: Date;
  /** When it was ended; a session that ended keeps its row until `expiresAt`. */
  readonly endedAt?: Date | undefined;
}

/**
 * How many sessions a user may have: few enough to be ended at once, and more than somebody who logs in by a
 * script opens, within the limits, before every client in use has refreshed. Whoever logs in once more ends the
 * one that was not used for longest.
 */
export const maxSessions = 1_000;

/** A session that starts now, for the owner of what was proven. */
export function sessionFor(
  { userId, methods }: Pick<Proof, 'userId' | 'methods'>,
  id: SessionId,
  origin: Origin,
  { now, lifetime }: { readonly now: Date; readonly lifetime: number },
): Session {
  return {
    id,
    userId,
    methods,
    authenticatedAt: now,
    generation: 0,
    createdAt: now,
    lastUsedAt: now,
    turnedAt: now,
    expiresAt: secondsAfter(now, lifetime),
    ...originOf(origin),
  };
}

/** Whether a session lets its user act at this moment. */
export function isLive(session: Session, now: Date): boolean {
  return session.endedAt === undefined && now < session.expiresAt;
}

/** When a session is over unless it is used before. */
export function expiryOf(session: Session, { refreshTokenLifetime }: Pick<Policy, 'refreshTokenLifetime'>): Date {
  const idle = secondsAfter(session.lastUsedAt, refreshTokenLifetime);
  return new Date(Math.min(idle.getTime(), session.expiresAt.getTime()));
}

/** Whether a session may go on at this moment. */
export function isRefreshable(session: Session, now: Date, policy: Pick<Policy, 'refreshTokenLifetime'>): boolean {
  return isLive(session, now) && now < expiryOf(session, policy);
}
