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
    id: v.pipe(v.string(), v.examples(['Jx3cZ0nBSV2qN7Yw4Kp8Lg'])),
    createdAt: v.date(),
    lastUsedAt: v.date(),
    expiresAt: v.pipe(v.date(), v.description('When the session ends if it is not used before.')),
    authenticatedAt: v.pipe(v.date(), v.description('When the user proved who they are, by `methods` (RFC 8176).')),
    methods: v.array(v.pipe(v.string(), v.examples(['pwd']))),
    ip: v.nullable(v.pipe(v.string(), v.examples(['192.0.2.1']))),
    userAgent: v.nullable(v.pipe(v.string(), v.examples(['Mozilla/5.0']))),
    current: v.pipe(v.boolean(), v.description('Whether this is the session of the request.')),
  }),
  v.title('Session'),
);
export type SessionView = v.InferOutput<typeof SessionView>;

export const SessionPage = pageOf(SessionView, v.string());

/** The fields that a list of sessions takes. */
export const sessionPageEntries = {
  limit: pageEntries.limit,
  after: v.optional(v.pipe(SessionId, v.description('The id of the last session of the previous page.'))),
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
