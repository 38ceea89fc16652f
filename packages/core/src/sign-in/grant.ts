import * as v from 'valibot';
import { type Showing, toOwnView, UserView } from '../model/user-view.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import type { SessionWithUser } from '../ports/sessions.ts';
import type { Session } from '../model/session.ts';

/** The client that tokens are for (RFC 9068, section 2.2): there is one, this service itself. */
export const clientId = 'sallyport';

/** What a client holds while its session lives (RFC 6749, section 5.1); `expiresIn` is in seconds. */
export const GrantView = v.object({
  accessToken: v.string(),
  tokenType: v.literal('bearer'),
  expiresIn: v.number(),
  refreshToken: v.string(),
  user: UserView,
});
export type GrantView = v.InferOutput<typeof GrantView>;

/** An access token and for how many seconds it holds. */
export type Access = Pick<GrantView, 'accessToken' | 'expiresIn'>;

/** What it takes to issue an access token. */
export interface AccessNeeds extends Pick<Ports, 'accessTokens'> {
  readonly policy: Pick<Policy, 'accessTokenLifetime'>;
}

/** An access token for this session, which never outlives it. */
export async function issueAccess(
  { accessTokens, policy: { accessTokenLifetime } }: AccessNeeds,
  { id: sessionId, userId, expiresAt: end }: Session,
  now: Date,
): Promise<Access> {
  const usual = secondsAfter(now, accessTokenLifetime);
  const expiresAt = usual < end ? usual : end;
  return {
    accessToken: await accessTokens.issue({ userId, sessionId }, { issuedAt: now, expiresAt }),
    expiresIn: Math.floor((expiresAt.getTime() - now.getTime()) / 1000),
  };
}

/** What it takes to make a grant. */
export interface GrantNeeds extends Pick<Ports, 'refreshTokens'>, Showing {}

/** Everything that a client gets: access, and a refresh token for the session as it is now. */
export async function grant(
  needs: GrantNeeds,
  access: Access,
  { user, session: { id: sessionId, generation } }: SessionWithUser,
): Promise<GrantView> {
  const refreshToken = await needs.refreshTokens.issue({ sessionId, generation });
  return { ...access, tokenType: 'bearer', refreshToken, user: toOwnView(needs, user) };
}
