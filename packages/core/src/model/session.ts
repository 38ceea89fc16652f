import * as v from 'valibot';
import { networkOf } from './address-block.ts';
import type { AuthenticationMethod, Proof } from './proof.ts';
import type { UserId } from './user.ts';
import { type Origin, originOf, type StoredOrigin } from './origin.ts';
import { type Policy, secondsAfter } from './policy.ts';

/** 128 random bits in base64url. */
export const SessionId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/));
export type SessionId = string;

/** One login on one device, until it ends. */
export interface Session extends StoredOrigin {
  readonly id: SessionId;
  readonly userId: UserId;
  /** How the user proved who they are when the session was opened, and when. */
  readonly methods: readonly AuthenticationMethod[];
  readonly authenticatedAt: Date;
  /** How often the refresh token has been rotated. */
  readonly generation: number;
  readonly createdAt: Date;
  /** When the user last logged in or refreshed. */
  readonly lastUsedAt: Date;
  /** When the refresh token was last rotated. */
  readonly turnedAt: Date;
  /** The user agent that last rotated it, if one has. */
  readonly refreshedBy?: string | undefined;
  /** The networks that opened the session or rotated its token, the latest first. */
  readonly networks: readonly string[];
  /** Whether the first of them was new to the session when it rotated the token. */
  readonly fromNewNetwork: boolean;
  /** When other networks were given the token of a session for its previous one, within a day. */
  readonly sharedAt: readonly Date[];
  /** The latest time at which the session ends. */
  readonly expiresAt: Date;
  /** When the session was ended. Its row stays until `expiresAt`. */
  readonly endedAt?: Date | undefined;
}

/**
 * Maximum number of sessions of a user. They are few enough to be ended in one step. A script that keeps logging in,
 * within the limits, opens fewer before every client in use has refreshed. A further login ends the session that was
 * not used for longest.
 */
export const maxSessions = 1_000;

/** A session that starts now, for the owner of the account that was proven. */
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
    networks: [networkOf(origin.ip)],
    fromNewNetwork: false,
    sharedAt: [],
    expiresAt: secondsAfter(now, lifetime),
    ...originOf(origin),
  };
}

/** Whether the user of a session may act now. */
export function isLive(session: Session, now: Date): boolean {
  return session.endedAt === undefined && now < session.expiresAt;
}

/** When a session ends if it is not used before. */
export function expiryOf(session: Session, { refreshTokenLifetime }: Pick<Policy, 'refreshTokenLifetime'>): Date {
  const idle = secondsAfter(session.lastUsedAt, refreshTokenLifetime);
  return new Date(Math.min(idle.getTime(), session.expiresAt.getTime()));
}

/** Whether a session may be refreshed now. */
export function isRefreshable(session: Session, now: Date, policy: Pick<Policy, 'refreshTokenLifetime'>): boolean {
  return isLive(session, now) && now < expiryOf(session, policy);
}
