import * as v from 'valibot';
import type { Anyone } from '../caller.ts';
import { SallyportError } from '../errors.ts';
import { happened } from '../events/domain-event.ts';
import { parse } from '../input.ts';
import { admit } from '../limits/admit.ts';
import { Guessing } from '../limits/guessing.ts';
import type { Policy } from '../policy.ts';
import type { Ports } from '../ports/ports.ts';
import type { SessionWithUser } from '../ports/sessions.ts';
import type { Credentials } from '../ports/users.ts';
import { grant, GrantView } from '../sessions/grant.ts';
import { openSession } from '../sessions/session.ts';
import { Email } from './email.ts';
import { Password } from './password-policy.ts';

export const LoginInput = v.object({ email: Email, password: Password });

type Needs = Pick<
  Ports,
  | 'users'
  | 'sessions'
  | 'unitOfWork'
  | 'hasher'
  | 'accessTokens'
  | 'refreshTokens'
  | 'rateLimiter'
  | 'secrets'
  | 'clock'
>;
type Rules = Pick<Policy, 'accessTokenLifetime' | 'refreshTokenLifetime' | 'sessionLifetime' | 'limits'>;

/** Opens a session for whoever knows an account's password. */
export class Login {
  static readonly input = LoginInput;
  static readonly output = GrantView;

  readonly #ports: Needs;
  readonly #policy: Rules;
  readonly #guessing: Guessing;
  constructor(ports: Needs, policy: Rules) {
    this.#ports = ports;
    this.#policy = policy;
    this.#guessing = new Guessing(ports, policy);
  }

  /**
   * Costs the same for a known and an unknown address; that an account is deactivated is told to
   * those alone who know its password.
   *
   * An attempt counts before the password is looked at, and a success gives nothing back.
   *
   * @throws SallyportError `validation_failed` | `rate_limited` | `invalid_credentials` | `account_deactivated` |
   *   `unavailable`
   */
  async execute(caller: Anyone, input: v.InferInput<typeof LoginInput>): Promise<GrantView> {
    const { email, password } = parse(LoginInput, input);
    await admit(this.#ports, this.#policy, 'login', caller, email);
    await this.#guessing.admit(caller, email);
    return this.#attempt(caller, email, password);
  }

  async #attempt(caller: Anyone, email: Email, password: string): Promise<GrantView> {
    const proven = await this.#prove(caller, email, password);
    const { hasher } = this.#ports;
    const strongerHash = hasher.needsRehash(proven.passwordHash) ? await hasher.hash(password) : undefined;

    const opened = await this.#open(caller, proven, strongerHash);
    // The hash is another than the one proven: somebody else changed or re-hashed it meanwhile.
    if (!opened) return this.#attempt(caller, email, password);

    await this.#guessing.succeeded(email);
    return grant(this.#ports, this.#policy, opened, opened.session.createdAt);
  }

  async #prove(caller: Anyone, email: Email, password: string): Promise<Credentials> {
    const { users, hasher, unitOfWork, clock } = this.#ports;
    const known = await users.findCredentials({ email });
    const matches = await hasher.verify(password, known?.passwordHash);
    if (!known || !matches) {
      const slowed = await this.#guessing.failed(email);
      await unitOfWork.run(async ({ audit }) => {
        await audit.append(happened('user.login_failed', caller, clock.now(), known?.user.id));
        if (slowed) await audit.append(happened('user.login_slowed', caller, clock.now(), known?.user.id));
      });
      throw new SallyportError('invalid_credentials');
    }
    return known;
  }

  #open(caller: Anyone, proven: Credentials, strongerHash: string | undefined): Promise<SessionWithUser | undefined> {
    const { unitOfWork, secrets, clock } = this.#ports;
    return unitOfWork.run(async ({ users, sessions, audit }) => {
      const current = await users.lockCredentials(proven.user.id);
      if (!current) throw new SallyportError('invalid_credentials');
      if (!current.user.isActive) throw new SallyportError('account_deactivated');
      if (current.passwordHash !== proven.passwordHash) return undefined;

      if (strongerHash) await users.setPasswordHash(current.user.id, strongerHash);
      const session = openSession(secrets.sessionId(), current.user.id, caller, {
        now: clock.now(),
        lifetime: this.#policy.sessionLifetime,
      });
      const newDevice = !(await sessions.knowsDevice(current.user.id, session.userAgent));
      await sessions.append(session);
      await audit.append(happened('user.logged_in', caller, session.createdAt, current.user.id, { newDevice }));
      return { user: current.user, session };
    });
  }
}
