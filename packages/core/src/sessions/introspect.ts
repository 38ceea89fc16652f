import * as v from 'valibot';
import type { Admin } from '../model/caller.ts';
import { parse } from '../model/input.ts';
import type { Policy } from '../model/policy.ts';
import type { Validity } from '../ports/access-tokens.ts';
import type { Ports } from '../ports/ports.ts';
import type { SessionWithUser } from '../ports/sessions.ts';
import { clientId } from '../sign-in/grant.ts';
import { expiryOf, isLive, isRefreshable } from '../model/session.ts';

export const IntrospectInput = v.object({ token: v.string() });

/** What a token is worth (RFC 7662, section 2.2); times are in seconds since 1970. */
export const IntrospectionView = v.object({
  active: v.boolean(),
  sub: v.optional(v.string()),
  username: v.optional(v.string()),
  clientId: v.optional(v.string()),
  sid: v.optional(v.string()),
  iat: v.optional(v.number()),
  exp: v.optional(v.number()),
});
export type IntrospectionView = v.InferOutput<typeof IntrospectionView>;

type Needs = Pick<Ports, 'accessTokens' | 'refreshTokens' | 'sessions' | 'clock'>;

/** Says what a token is worth at this moment: an access token or a refresh token. */
export class Introspect {
  static readonly caller = 'admin';
  static readonly input = IntrospectInput;
  static readonly output = IntrospectionView;

  readonly #ports: Needs;
  readonly #policy: Policy;
  constructor(ports: Needs, policy: Policy) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /** @throws SallyportError `validation_failed` | `unavailable` */
  async execute(_caller: Admin, input: v.InferInput<typeof IntrospectInput>): Promise<IntrospectionView> {
    const { token } = parse(IntrospectInput, input);
    const now = this.#ports.clock.now();
    return (await this.#accessToken(token, now)) ?? (await this.#refreshToken(token, now)) ?? { active: false };
  }

  async #accessToken(token: string, now: Date): Promise<IntrospectionView | undefined> {
    const { accessTokens, sessions } = this.#ports;
    const claims = await accessTokens.verify(token, now);
    if (!claims) return undefined;
    const found = await sessions.findWithUser(claims.sessionId);
    if (!found?.user.isActive || !isLive(found.session, now)) return undefined;
    return describe(found, claims);
  }

  async #refreshToken(token: string, now: Date): Promise<IntrospectionView | undefined> {
    const { refreshTokens, sessions } = this.#ports;
    const claims = await refreshTokens.read(token);
    if (!claims) return undefined;
    const found = await sessions.findWithUser(claims.sessionId);
    if (!found?.user.isActive || !isRefreshable(found.session, now, this.#policy)) return undefined;
    if (claims.generation !== found.session.generation) return undefined;
    const { session } = found;
    return describe(found, { issuedAt: session.turnedAt, expiresAt: expiryOf(session, this.#policy) });
  }
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
