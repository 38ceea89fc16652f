import * as v from 'valibot';
import type { Anyone, Member } from '../caller.ts';
import { isSallyportError, SallyportError } from '../errors.ts';
import { happened } from '../events/domain-event.ts';
import { NoInput, NoOutput, parse } from '../input.ts';
import { admit, type CountingPorts } from '../limits/admit.ts';
import type { Policy } from '../policy.ts';
import type { OneTimeToken } from '../ports/one-time-tokens.ts';
import type { Ports } from '../ports/ports.ts';
import type { Transaction } from '../ports/unit-of-work.ts';

/** Any text is looked up as a token, so that all that is not live gets the same answer. */
export const VerifyEmailInput = v.object({ token: v.string() });

type Needs = Pick<Ports, 'unitOfWork'> & CountingPorts;

/** Takes an address as proven: the one of an account, or the one that is to become it. */
export class VerifyEmail {
  static readonly input = VerifyEmailInput;
  static readonly output = NoOutput;

  readonly #ports: Needs;
  readonly #policy: Pick<Policy, 'limits'>;
  constructor(ports: Needs, policy: Pick<Policy, 'limits'>) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /** @throws SallyportError `validation_failed` | `rate_limited` | `invalid_one_time_token` | `unavailable` */
  async execute(caller: Anyone, input: v.InferInput<typeof VerifyEmailInput>): Promise<void> {
    const { unitOfWork, secrets, clock } = this.#ports;
    const { token } = parse(VerifyEmailInput, input);
    await admit(this.#ports, this.#policy, 'verifyEmail', caller);
    const digest = secrets.digest(token);
    try {
      await unitOfWork.run(async (transaction) => {
        const now = clock.now();
        const used = await transaction.oneTimeTokens.consume(digest, ['verify-email', 'change-email'], now);
        if (!used) throw new SallyportError('invalid_one_time_token');
        await confirm(transaction, caller, used, now);
      });
    } catch (error) {
      // Somebody else has taken the address since: the link leads nowhere any more.
      if (isSallyportError(error) && error.code === 'email_taken') throw new SallyportError('invalid_one_time_token');
      throw error;
    }
  }
}

async function confirm(
  { users, audit }: Transaction,
  caller: Anyone,
  { userId, purpose, email }: OneTimeToken,
  now: Date,
): Promise<void> {
  const current = await users.lockCredentials(userId);
  const isOurs = current?.user.isActive && (purpose === 'change-email' || current.user.email === email);
  if (!isOurs) throw new SallyportError('invalid_one_time_token');
  await users.update(userId, { email, emailVerified: true });
  const type = purpose === 'change-email' ? 'user.email_changed' : 'user.email_verified';
  await audit.append(happened(type, caller, now, userId));
}

/** Mails the link that confirms a member's address once more; nothing where it is confirmed. */
export class ResendVerification {
  static readonly input = NoInput;
  static readonly output = NoOutput;

  readonly #ports: Needs;
  readonly #policy: Pick<Policy, 'limits'>;
  constructor(ports: Needs, policy: Pick<Policy, 'limits'>) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /** @throws SallyportError `rate_limited` | `unavailable` */
  async execute(caller: Member): Promise<void> {
    const { user } = caller;
    await admit(this.#ports, this.#policy, 'resendVerification', caller, user.id);
    if (user.emailVerified) return;
    const { unitOfWork, clock } = this.#ports;
    await unitOfWork.run(({ outbox }) =>
      outbox.append({ kind: 'verify-email', email: user.email, queuedAt: clock.now() }),
    );
  }
}
