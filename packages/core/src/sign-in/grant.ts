import * as v from 'valibot';
import { type Showing, toOwnView, UserView } from '../model/user-view.ts';
import { withKnownRole } from '../model/roles.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import { refuseUnusableClaims } from '../model/hooks.ts';
import type { Ports } from '../ports/ports.ts';
import type { SessionWithUser } from '../ports/sessions.ts';
import type { Surroundings } from '../use-case.ts';

/** The client that tokens are issued to (RFC 9068, section 2.2): always this service itself. */
export const clientId = 'sallyport';

/** The tokens of a client (RFC 6749, section 5.1); `expiresIn` is in seconds. */
export const GrantView = v.pipe(
  v.object({
    accessToken: v.pipe(v.string(), v.examples(['eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'])),
    tokenType: v.literal('bearer'),
    expiresIn: v.pipe(v.number(), v.description('Seconds for which the access token is valid.'), v.examples([1800])),
    refreshToken: v.pipe(v.string(), v.examples(['Jx3cZ0nBSV2qN7Yw4Kp8Lg.1.bWFj'])),
    user: UserView,
  }),
  v.title('Grant'),
);
export type GrantView = v.InferOutput<typeof GrantView>;

/** An access token, and its lifetime in seconds. */
export type Access = Pick<GrantView, 'accessToken' | 'expiresIn'>;

/** What is needed to issue an access token. */
export interface AccessNeeds extends Pick<Ports, 'accessTokens'>, Pick<Surroundings, 'hooks'> {
  readonly policy: Pick<Policy, 'accessTokenLifetime' | 'roles'>;
}

/** Issues an access token for this session of the user. The token never outlives the session. */
export async function issueAccess(
  { accessTokens, hooks, policy: { accessTokenLifetime, roles } }: AccessNeeds,
  { session: { id: sessionId, userId, expiresAt: end }, user }: SessionWithUser,
  now: Date,
): Promise<Access> {
  const usual = secondsAfter(now, accessTokenLifetime);
  const expiresAt = usual < end ? usual : end;
  const extra = await hooks.accessTokenClaims?.(withKnownRole(user, roles));
  if (extra) refuseUnusableClaims(extra);
  return {
    accessToken: await accessTokens.issue({ userId, sessionId, extra }, { issuedAt: now, expiresAt }),
    expiresIn: Math.floor((expiresAt.getTime() - now.getTime()) / 1000),
  };
}

/** What is needed to make a grant. */
export interface GrantNeeds extends Pick<Ports, 'refreshTokens'>, Showing {}

/** The tokens for a client: an access token, and a refresh token for the session's current generation. */
export async function grant(
  needs: GrantNeeds,
  access: Access,
  { user, session: { id: sessionId, generation } }: SessionWithUser,
): Promise<GrantView> {
  const refreshToken = await needs.refreshTokens.issue({ sessionId, generation });
  return { ...access, tokenType: 'bearer', refreshToken, user: toOwnView(needs, user) };
}
