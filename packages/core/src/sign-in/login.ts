import * as v from 'valibot';
import type { Anyone } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { type EventType, happened } from '../model/domain-event.ts';
import { parse } from '../model/input.ts';
import { admit } from '../limits/admit.ts';
import { Guessing } from '../limits/guessing.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import type { Credentials } from '../ports/users.ts';
import { grant, GrantView } from './grant.ts';
import { newSession } from './new-session.ts';
import { maxSessions, type Session } from '../model/session.ts';
import { Email } from '../model/email.ts';
import { Password } from '../model/password.ts';
import type { User, UserId } from '../model/user.ts';

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
  static readonly caller = 'anyone';
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

    const { session, access } = await newSession(this.#ports, this.#policy, caller, proven.user.id);
    const user = await this.#open(caller, proven, session, strongerHash);
    if (!user) return this.#attempt(caller, email, password);

    await this.#guessing.succeeded(email);
    return grant(this.#ports, access, { user, session });
  }

  async #prove(caller: Anyone, email: Email, password: string): Promise<Credentials> {
    const { users, hasher } = this.#ports;
    const known = await users.findCredentials({ email });
    const matches = await hasher.verify(password, known?.passwordHash);
    if (!known || !matches) {
      const slowed = await this.#guessing.failed(email);
      const types = ['user.login_failed', ...(slowed ? ['user.login_slowed' as const] : [])] as const;
      await this.#record(caller, known?.user.id, types);
      throw new SallyportError('invalid_credentials');
    }
    if (!known.user.isActive) {
      await this.#record(caller, known.user.id, ['user.login_refused']);
      throw new SallyportError('account_deactivated');
    }
    return known;
  }

  async #record(caller: Anyone, subjectId: UserId | undefined, types: readonly EventType[]): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    await unitOfWork.run(async ({ audit }) => {
      for (const type of types) await audit.append(happened(type, caller, clock.now(), subjectId));
    });
  }

  /** The user as they are now; nothing where what was proven does not hold any more: somebody changed the account. */
  #open(
    caller: Anyone,
    proven: Credentials,
    session: Session,
    strongerHash: string | undefined,
  ): Promise<User | undefined> {
    return this.#ports.unitOfWork.run(async ({ users, sessions, audit }) => {
      const current = await users.lockCredentials(proven.user.id);
      if (!current?.user.isActive || current.passwordHash !== proven.passwordHash) return undefined;

      const { user } = current;
      const known = { ...caller, user };
      if (strongerHash) await users.setPasswordHash(user.id, strongerHash);
      const count = await sessions.endBeyond(user.id, maxSessions - 1, session.createdAt);
      if (count > 0) await audit.append(happened('session.ended', known, session.createdAt, user.id, { count }));
      const newDevice = !(await sessions.knowsDevice(user.id, session.userAgent));
      await sessions.append(session);
      await audit.append(happened('user.logged_in', known, session.createdAt, user.id, { newDevice }));
      return user;
    });
  }
}
