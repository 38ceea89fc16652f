import * as v from 'valibot';
import type { Anyone } from '../model/caller.ts';
import { pageEntries, pageOf, readPage } from '../model/paging.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import { expiryOf, type Session, SessionId } from '../model/session.ts';
import type { UserId } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';

/** A session as its user and admins see it. */
export const SessionView = v.pipe(
  v.object({
    id: v.string(),
    createdAt: v.date(),
    lastUsedAt: v.date(),
    /** When the session ends if it is not used before. */
    expiresAt: v.date(),
    /** When and how the user proved who they are. */
    authenticatedAt: v.date(),
    methods: v.array(v.string()),
    ip: v.nullable(v.string()),
    userAgent: v.nullable(v.string()),
    /** Whether this is the session of the call. */
    current: v.boolean(),
  }),
  v.title('Session'),
);
export type SessionView = v.InferOutput<typeof SessionView>;

export const SessionPage = pageOf(SessionView, v.string());

/** The fields that a list of sessions takes. */
export const sessionPageEntries = {
  limit: pageEntries.limit,
  /** The id of the last session of the previous page. */
  after: v.optional(SessionId),
};

export type ListNeeds = Pick<Ports, 'sessions' | 'clock'> & {
  readonly policy: Pick<Policy, 'refreshTokenLifetime'>;
};

/** The live sessions of an account, the newest first. */
export async function listLiveSessions(
  { sessions, clock, policy }: ListNeeds,
  caller: Anyone,
  userId: UserId,
  page: { readonly limit: number; readonly after?: SessionId | undefined },
): Promise<v.InferOutput<typeof SessionPage>> {
  const at = clock.now();
  const lifetime = { at, usedSince: secondsAfter(at, -policy.refreshTokenLifetime) };
  return readPage(
    { skip: 0, ...page },
    (rows) => sessions.listLive(userId, lifetime, rows),
    (session) => toSessionView(session, caller, policy),
  );
}

function toSessionView(session: Session, caller: Anyone, policy: ListNeeds['policy']): SessionView {
  const { id, createdAt, lastUsedAt, authenticatedAt, methods, ip, userAgent } = session;
  return {
    id,
    createdAt,
    lastUsedAt,
    expiresAt: expiryOf(session, policy),
    authenticatedAt,
    methods: [...methods],
    ip: ip ?? null,
    userAgent: userAgent ?? null,
    current: id === caller.sessionId,
  };
}
