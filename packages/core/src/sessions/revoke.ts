import * as v from 'valibot';
import { eventOf } from '../model/domain-event.ts';
import { NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

type Needs = Pick<Ports, 'accessTokens' | 'refreshTokens' | 'unitOfWork' | 'clock'>;

/**
 * Ends the session that a token belongs to (RFC 7009, section 2.1), so its other tokens become invalid too. Possession
 * of the token is proof enough. An invalid token counts as revoked.
 */
export const revoke = useCase({
  caller: 'anyone',
  input: v.object({ token: v.string() }),
  output: NoOutput,
  errors: [],
  async run({ accessTokens, refreshTokens, unitOfWork, clock }: Needs, caller, { token }) {
    const now = clock.now();
    const claims = (await refreshTokens.read(token)) ?? (await accessTokens.verify(token, now));
    if (!claims) return;
    await unitOfWork.run(async ({ sessions, audit }) => {
      const found = await sessions.lock(claims.sessionId);
      if (!found || !(await sessions.end(claims.sessionId, now))) return;
      await audit.append(eventOf('session.ended', caller, now, found.user.id, { count: 1 }));
    });
  },
});
