import * as v from 'valibot';
import type { Policy } from '../model/policy.ts';
import { expiryOf, isLive, isRefreshable } from '../model/session.ts';
import type { Validity } from '../ports/access-tokens.ts';
import type { Ports } from '../ports/ports.ts';
import type { SessionWithUser } from '../ports/sessions.ts';
import { clientId } from '../sign-in/grant.ts';
import { useCase } from '../use-case.ts';

/** The state of a token (RFC 7662, section 2.2). Times are in seconds since 1970. */
export const IntrospectionView = v.pipe(
  v.object({
    active: v.boolean(),
    sub: v.optional(v.string()),
    username: v.optional(v.string()),
    clientId: v.optional(v.string()),
    sid: v.optional(v.string()),
    iat: v.optional(v.number()),
    exp: v.optional(v.number()),
  }),
  v.title('Introspection'),
);
export type IntrospectionView = v.InferOutput<typeof IntrospectionView>;

type Needs = Pick<Ports, 'accessTokens' | 'refreshTokens' | 'sessions' | 'clock'> & {
  readonly policy: Pick<Policy, 'refreshTokenLifetime'>;
};

/** Returns whether an access token or a refresh token is valid now, and which user it belongs to. */
export const introspect = useCase({
  caller: 'admin',
  input: v.object({ token: v.string() }),
  output: IntrospectionView,
  errors: [],
  async run(needs: Needs, _caller, { token }): Promise<IntrospectionView> {
    const now = needs.clock.now();
    return (await ofAccessToken(needs, token, now)) ?? (await ofRefreshToken(needs, token, now)) ?? { active: false };
  },
});

async function ofAccessToken(
  { accessTokens, sessions }: Needs,
  token: string,
  now: Date,
): Promise<IntrospectionView | undefined> {
  const claims = await accessTokens.verify(token, now);
  if (!claims) return undefined;
  const found = await sessions.findWithUser(claims.sessionId);
  if (!found?.user.isActive || !isLive(found.session, now)) return undefined;
  return describe(found, claims);
}

async function ofRefreshToken(
  { refreshTokens, sessions, policy }: Needs,
  token: string,
  now: Date,
): Promise<IntrospectionView | undefined> {
  const claims = await refreshTokens.read(token);
  if (!claims) return undefined;
  const found = await sessions.findWithUser(claims.sessionId);
  if (!found?.user.isActive || !isRefreshable(found.session, now, policy)) return undefined;
  if (claims.generation !== found.session.generation) return undefined;
  const { session } = found;
  return describe(found, { issuedAt: session.turnedAt, expiresAt: expiryOf(session, policy) });
}

function describe({ user, session }: SessionWithUser, { issuedAt, expiresAt }: Validity): IntrospectionView {
  return {
    active: true,
    sub: String(user.id),
    username: user.email,
    clientId,
    sid: session.id,
    iat: inSeconds(issuedAt),
    exp: inSeconds(expiresAt),
  };
}

function inSeconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}
