import * as v from 'valibot';
import type { Anyone } from '../caller.ts';
import { SallyportError } from '../errors.ts';
import { parse } from '../input.ts';
import { type Policy, secondsAfter } from '../policy.ts';
import type { Ports } from '../ports/ports.ts';
import type { Credentials } from '../ports/users.ts';
import { openSession, type Session } from '../sessions/session.ts';
import { Email } from './email.ts';
import { Password } from './password-policy.ts';
import { toUserView, type User, UserView } from './user.ts';

export const LoginInput = v.object({ email: Email, password: Password });

/** What a client holds after a login (RFC 6749, section 5.1); `expiresIn` is in seconds. */
export const LoginView = v.object({
  accessToken: v.string(),
  tokenType: v.literal('bearer'),
  expiresIn: v.number(),
  user: UserView,
});
export type LoginView = v.InferOutput<typeof LoginView>;

type Needs = Pick<Ports, 'users' | 'unitOfWork' | 'hasher' | 'accessTokens' | 'secrets' | 'clock'>;

/** Opens a session for whoever knows an account's password. */
export class Login {
  static readonly input = LoginInput;
  static readonly output = LoginView;

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
  async execute(caller: Anyone, input: v.InferInput<typeof LoginInput>): Promise<LoginView> {
    const { email, password } = parse(LoginInput, input);
    const proven = await this.#prove(email, password);
    const { hasher, accessTokens } = this.#ports;
    const strongerHash = hasher.needsRehash(proven.passwordHash) ? await hasher.hash(password) : undefined;

    const opened = await this.#open(caller, proven, strongerHash);
    // The hash is another than the one proven: somebody else changed or re-hashed it meanwhile.
    if (!opened) return this.execute(caller, input);

    const { user, session } = opened;
    const { accessTokenLifetime } = this.#policy;
    const accessToken = await accessTokens.issue(
      { userId: user.id, sessionId: session.id },
      { issuedAt: session.createdAt, expiresAt: secondsAfter(session.createdAt, accessTokenLifetime) },
    );
    return { accessToken, tokenType: 'bearer', expiresIn: accessTokenLifetime, user: toUserView(user) };
  }

  async #prove(email: Email, password: string): Promise<Credentials> {
    const known = await this.#ports.users.findCredentials({ email });
    const matches = await this.#ports.hasher.verify(password, known?.passwordHash);
    if (!known || !matches) throw new SallyportError('invalid_credentials');
    if (!known.user.isActive) throw new SallyportError('account_deactivated');
    return known;
  }

  #open(
    caller: Anyone,
    proven: Credentials,
    strongerHash: string | undefined,
  ): Promise<{ user: User; session: Session } | undefined> {
    const { unitOfWork, secrets, clock } = this.#ports;
    return unitOfWork.run(async ({ users, sessions }) => {
      const current = await users.lockCredentials(proven.user.id);
      if (!current) throw new SallyportError('invalid_credentials');
      if (!current.user.isActive) throw new SallyportError('account_deactivated');
      if (current.passwordHash !== proven.passwordHash) return undefined;

      if (strongerHash) await users.setPasswordHash(current.user.id, strongerHash);
      const session = openSession(secrets.sessionId(), current.user.id, caller, {
        now: clock.now(),
        lifetime: this.#policy.sessionLifetime,
      });
      await sessions.append(session);
      return { user: current.user, session };
    });
  }
}
