import * as v from 'valibot';
import { toUserView, type User, UserView } from '../identity/user.ts';
import { type Policy, secondsAfter } from '../policy.ts';
import type { Ports } from '../ports/ports.ts';
import type { Session } from './session.ts';

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

/** The tokens for this session, from now on. */
export async function grant(
  { accessTokens, refreshTokens }: Pick<Ports, 'accessTokens' | 'refreshTokens'>,
  { accessTokenLifetime }: Pick<Policy, 'accessTokenLifetime'>,
  { user, session }: { readonly user: User; readonly session: Session },
  now: Date,
): Promise<GrantView> {
  const claims = { userId: user.id, sessionId: session.id };
  const validity = { issuedAt: now, expiresAt: secondsAfter(now, accessTokenLifetime) };
  return {
    accessToken: await accessTokens.issue(claims, validity),
    tokenType: 'bearer',
    expiresIn: accessTokenLifetime,
    refreshToken: await refreshTokens.issue({ sessionId: session.id, generation: session.generation }),
    user: toUserView(user),
  };
}
