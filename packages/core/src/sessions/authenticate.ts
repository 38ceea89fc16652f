import * as v from 'valibot';
import type { Bearer, Member } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import type { GenuineCallers } from '../model/genuine-callers.ts';
import type { VerifiedAccessToken } from '../ports/access-tokens.ts';
import type { Ports } from '../ports/ports.ts';
import { type Authenticating, readMember } from '../read-member.ts';
import { useCase } from '../use-case.ts';

type Needs = Authenticating &
  Pick<Ports, 'accessTokens'> & {
    readonly callers: Pick<GenuineCallers, 'member' | 'bearer'>;
  };

const AccessToken = v.object({ accessToken: v.string() });

/** Checks the signature and the lifetime of an access token. Session and user are read when the bearer acts. */
export const verifyAccessToken = useCase({
  caller: 'anyone',
  input: AccessToken,
  output: v.custom<Bearer>((bearer) => typeof bearer === 'object'),
  errors: [],
  async run(needs: Needs, caller, { accessToken }) {
    return needs.callers.bearer(caller, await verify(needs, accessToken));
  },
});

/** Turns an access token into its member, in their current state. */
export const authenticate = useCase({
  caller: 'anyone',
  input: AccessToken,
  output: v.custom<Member>((member) => typeof member === 'object'),
  errors: [],
  async run(needs: Needs, caller, { accessToken }) {
    const claims = await verify(needs, accessToken);
    const { user, sessionId } = await readMember(needs, { ...claims, origin: caller });
    return needs.callers.member(caller, user, sessionId);
  },
});

/** @throws SallyportError `invalid_token` | `unavailable` */
async function verify({ accessTokens, clock }: Needs, accessToken: string): Promise<VerifiedAccessToken> {
  const claims = await accessTokens.verify(accessToken, clock.now());
  if (!claims) throw new SallyportError('invalid_token');
  return claims;
}
