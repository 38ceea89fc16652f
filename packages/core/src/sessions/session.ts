import type { Anyone } from '../caller.ts';
import type { UserId } from '../identity/user.ts';
import { secondsAfter } from '../policy.ts';

/** 128 random bits in base64url. */
export type SessionId = string;

/** One login on one device, from then until it ends. */
export interface Session {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  /** When it is over at the latest. */
  readonly expiresAt: Date;
  /** When it was ended; a session that ended keeps its row until `expiresAt`. */
  readonly endedAt?: Date | undefined;
  readonly ip?: string | undefined;
  readonly userAgent?: string | undefined;
}

const maxUserAgent = 512;
const maxIp = 45;

/** A session that starts now. Whatever a client says of itself is cut and made storable. */
export function openSession(
  id: SessionId,
  userId: UserId,
  caller: Anyone,
  { now, lifetime }: { readonly now: Date; readonly lifetime: number },
): Session {
  return {
    id,
    userId,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: secondsAfter(now, lifetime),
    ip: caller.ip && storable(caller.ip, maxIp),
    userAgent: caller.userAgent && storable(caller.userAgent, maxUserAgent),
  };
}

/** Whether a session lets its user act at this moment. */
export function isLive(session: Session, now: Date): boolean {
  return session.endedAt === undefined && now < session.expiresAt;
}

function storable(text: string, maxLength: number): string {
  return text
    .slice(0, maxLength)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, ' ');
}
