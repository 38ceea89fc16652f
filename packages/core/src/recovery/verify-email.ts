import * as v from 'valibot';
import type { Anyone, Member } from '../model/caller.ts';
import { isSallyportError, SallyportError } from '../model/errors.ts';
import { happened } from '../model/domain-event.ts';
import { NoInput, NoOutput, parse } from '../model/input.ts';
import { admit, type CountingPorts } from '../limits/admit.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { type ShownLink, useLink } from '../links/use-link.ts';

/** Any text is looked up as a token, so that all that is not live gets the same answer. */
export const VerifyEmailInput = v.object({ token: v.string() });

const purposes = ['verify-email', 'change-email'] as const;

type Needs = Pick<Ports, 'unitOfWork'> & CountingPorts;

/** Takes an address as proven: the one of an account, or the one that is to become it. */
export class VerifyEmail {
  static readonly caller = 'anyone';
  static readonly input = VerifyEmailInput;
  static readonly output = NoOutput;

  readonly #ports: Needs & Pick<Ports, 'oneTimeTokens'>;
  readonly #policy: Pick<Policy, 'limits'>;
  constructor(ports: Needs & Pick<Ports, 'oneTimeTokens'>, policy: Pick<Policy, 'limits'>) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /** @throws SallyportError `validation_failed` | `rate_limited` | `invalid_one_time_token` | `unavailable` */
  async execute(caller: Anyone, input: v.InferInput<typeof VerifyEmailInput>): Promise<void> {
    const { oneTimeTokens, unitOfWork, secrets, clock } = this.#ports;
    const { token } = parse(VerifyEmailInput, input);
    await admit(this.#ports, this.#policy, 'verifyEmail', caller);
    const digest = secrets.digest(token);
    const owner = await oneTimeTokens.findUser(digest, purposes, clock.now());
    if (!owner) throw new SallyportError('invalid_one_time_token');
    try {
      await unitOfWork.run((transaction) =>
        confirm(transaction, caller, { ownerId: owner.id, digest, purposes, at: clock.now() }),
      );
    } catch (error) {
      // Somebody else has taken the address since: the link leads nowhere any more.
      if (isSallyportError(error) && error.code === 'email_taken') throw new SallyportError('invalid_one_time_token');
      throw error;
    }
  }
}

async function confirm(transaction: Transaction, caller: Anyone, shown: ShownLink): Promise<void> {
  const { users, audit } = transaction;
  const { link, user } = await useLink(transaction, shown);
  await users.update(user.id, { email: link.email, emailVerified: true });
  const type = link.purpose === 'change-email' ? 'user.email_changed' : 'user.email_verified';
  await audit.append(happened(type, caller, shown.at, user.id));
}

/** Mails the link that confirms a member's address once more; nothing where it is confirmed. */
export class ResendVerification {
  static readonly caller = 'member';
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
