import type { Anyone, Member } from '../caller.ts';
import { SallyportError } from '../errors.ts';
import type { Ports } from '../ports/ports.ts';
import { isLive } from './session.ts';

type Needs = Pick<Ports, 'accessTokens' | 'sessions' | 'clock'>;

/** Turns an access token into the member it speaks for, as they are now. */
export class Authenticate {
  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /**
   * A session's row outlives the tokens of the session, so one that is missing went with its user.
   *
   * @throws SallyportError `invalid_token` | `user_no_longer_exists` | `account_deactivated` | `unavailable`
   */
  async execute(caller: Anyone, { accessToken }: { readonly accessToken: string }): Promise<Member> {
    const { accessTokens, sessions, clock } = this.#ports;
    const now = clock.now();
    const claims = await accessTokens.verify(accessToken, now);
    if (!claims) throw new SallyportError('invalid_token');

    const found = await sessions.findWithUser(claims.sessionId);
    if (!found) throw new SallyportError('user_no_longer_exists');
    const { session, user } = found;
    if (user.id !== claims.userId) throw new SallyportError('invalid_token');
    if (!user.isActive) throw new SallyportError('account_deactivated');
    if (!isLive(session, now)) throw new SallyportError('invalid_token');
    return { ...caller, user, sessionId: session.id };
  }
}
