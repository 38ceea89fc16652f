import * as v from 'valibot';
import type { Anyone } from '../model/caller.ts';
import { happened } from '../model/domain-event.ts';
import { NoOutput, parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';

export const RevokeInput = v.object({ token: v.string() });

type Needs = Pick<Ports, 'accessTokens' | 'refreshTokens' | 'unitOfWork' | 'clock'>;

/** Ends the session that a token belongs to (RFC 7009, section 2.1): its other tokens are worth nothing either. */
export class Revoke {
  static readonly caller = 'anyone';
  static readonly input = RevokeInput;
  static readonly output = NoOutput;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /**
   * Holding the token is all the proof it takes. A token that is none is as good as revoked.
   *
   * @throws SallyportError `validation_failed` | `unavailable`
   */
  async execute(caller: Anyone, input: v.InferInput<typeof RevokeInput>): Promise<void> {
    const { accessTokens, refreshTokens, unitOfWork, clock } = this.#ports;
    const { token } = parse(RevokeInput, input);
    const now = clock.now();
    const claims = (await refreshTokens.read(token)) ?? (await accessTokens.verify(token, now));
    if (!claims) return;
    await unitOfWork.run(async ({ sessions, audit }) => {
      const found = await sessions.lock(claims.sessionId);
      if (!found || !(await sessions.end(claims.sessionId, now))) return;
      await audit.append(happened('session.ended', caller, now, found.user.id, { count: 1 }));
    });
  }
}
