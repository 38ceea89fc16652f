import type { Anyone, Bearer, Member } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import type { GenuineCallers } from '../model/genuine-callers.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { readMember } from '../use-case.ts';

type Needs = Pick<Ports, 'accessTokens' | 'sessions' | 'clock'>;
type Input = { readonly accessToken: string };

/** Checks the signature and the lifetime of an access token, and nothing that can change: no session and no user is read. */
export class VerifyAccessToken {
  static readonly caller = 'anyone';

  readonly #ports: Needs;
  readonly #callers: GenuineCallers;
  constructor(ports: Needs, _policy: Policy, callers: GenuineCallers) {
    this.#ports = ports;
    this.#callers = callers;
  }

  /** @throws SallyportError `invalid_token` | `unavailable` */
  async execute(caller: Anyone, { accessToken }: Input): Promise<Bearer> {
    const { accessTokens, clock } = this.#ports;
    const claims = await accessTokens.verify(accessToken, clock.now());
    if (!claims) throw new SallyportError('invalid_token');
    return this.#callers.bearer(caller, claims);
  }
}

/** Turns an access token into the member that it stands for, as they are now. */
export class Authenticate {
  static readonly caller = 'anyone';

  readonly #ports: Needs;
  readonly #callers: GenuineCallers;
  constructor(ports: Needs, _policy: Policy, callers: GenuineCallers) {
    this.#ports = ports;
    this.#callers = callers;
  }

  /** @throws SallyportError `invalid_token` | `user_no_longer_exists` | `account_deactivated` | `unavailable` */
  async execute(caller: Anyone, { accessToken }: Input): Promise<Member> {
    const { accessTokens, clock } = this.#ports;
    const claims = await accessTokens.verify(accessToken, clock.now());
    if (!claims) throw new SallyportError('invalid_token');
    const { user, sessionId } = await readMember(this.#ports, { ...claims, origin: caller });
    return this.#callers.member(caller, user, sessionId);
  }
}
