import * as v from 'valibot';
import type { Anyone } from '../caller.ts';
import { SallyportError } from '../errors.ts';
import { happened } from '../events/domain-event.ts';
import { parse } from '../input.ts';
import type { Policy } from '../policy.ts';
import type { Ports } from '../ports/ports.ts';
import type { SessionWithUser } from '../ports/sessions.ts';
import type { Credentials } from '../ports/users.ts';
import { grant, GrantView } from '../sessions/grant.ts';
import { openSession } from '../sessions/session.ts';
import { Email } from './email.ts';
import { Password } from './password-policy.ts';

export const LoginInput = v.object({ email: Email, password: Password });

type Needs = Pick<Ports, 'users' | 'unitOfWork' | 'hasher' | 'accessTokens' | 'refreshTokens' | 'secrets' | 'clock'>;

/** Opens a session for whoever knows an account's password. */
export class Login {
  static readonly input = LoginInput;
  static readonly output = GrantView;

  readonly #ports: Needs;
  readonly #policy: Pick<Policy, 'accessTokenLifetime' | 'sessionLifetime'>;
  constructor(ports: Needs, policy: Pick<Policy, 'accessTokenLifetime' | 'sessionLifetime'>) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /**
   * Costs the same for a known and an unknown address; that an account is deactivated is told to
   * those alone who know its password.
   *
   * @throws SallyportError `validation_failed` | `invalid_credentials` | `account_deactivated` | `unavailable`
   */
  async execute(caller: Anyone, input: v.InferInput<typeof LoginInput>): Promise<GrantView> {
    const { email, password } = parse(LoginInput, input);
    const proven = await this.#prove(caller, email, password);
    const { hasher } = this.#ports;
    const strongerHash = hasher.needsRehash(proven.passwordHash) ? await hasher.hash(password) : undefined;

    const opened = await this.#open(caller, proven, strongerHash);
    // The hash is another than the one proven: somebody else changed or re-hashed it meanwhile.
    if (!opened) return this.execute(caller, input);

    return grant(this.#ports, this.#policy, opened, opened.session.createdAt);
  }

  async #prove(caller: Anyone, email: Email, password: string): Promise<Credentials> {
    const { users, hasher, unitOfWork, clock } = this.#ports;
    const known = await users.findCredentials({ email });
    const matches = await hasher.verify(password, known?.passwordHash);
    if (!known || !matches) {
      const failed = happened('user.login_failed', caller, clock.now(), known?.user.id);
      await unitOfWork.run(({ audit }) => audit.append(failed));
      throw new SallyportError('invalid_credentials');
    }
    if (!known.user.isActive) throw new SallyportError('account_deactivated');
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
