import * as v from 'valibot';
import type { Member } from '../model/caller.ts';
import { happened } from '../model/domain-event.ts';
import { Email } from '../model/email.ts';
import { Password } from '../model/password.ts';
import { lockProven, reauthenticate } from '../sign-in/reauthenticate.ts';
import { NoOutput, parse } from '../model/input.ts';
import { admit, type CountingPorts } from '../limits/admit.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';

export const ChangeEmailInput = v.object({ newEmail: Email, currentPassword: Password });

type Needs = Pick<Ports, 'users' | 'unitOfWork' | 'hasher'> & CountingPorts;

/** Mails a link to a new address; the account moves there once the link is used. The old address is told. */
export class ChangeEmail {
  static readonly caller = 'member';
  static readonly input = ChangeEmailInput;
  static readonly output = NoOutput;

  readonly #ports: Needs;
  readonly #policy: Pick<Policy, 'limits'>;
  constructor(ports: Needs, policy: Pick<Policy, 'limits'>) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /**
   * Answers the same whether or not the address is taken.
   *
   * @throws SallyportError `validation_failed` | `rate_limited` | `current_password_incorrect` |
   *   `account_deactivated` | `user_no_longer_exists` | `unavailable`
   */
  async execute(caller: Member, input: v.InferInput<typeof ChangeEmailInput>): Promise<void> {
    const { unitOfWork, clock } = this.#ports;
    const { newEmail, currentPassword } = parse(ChangeEmailInput, input);
    const { id: userId } = caller.user;
    await admit(this.#ports, this.#policy, 'changeEmail', caller, userId);
    const proven = await reauthenticate(this.#ports, caller, currentPassword);
    await unitOfWork.run(async (transaction) => {
      const current = await lockProven(transaction.users, proven);
      const queuedAt = clock.now();
      await transaction.outbox.append({ kind: 'change-email', email: newEmail, userId, queuedAt });
      const { email: oldEmail } = current.user;
      await transaction.outbox.append({ kind: 'email-change-requested', email: oldEmail, userId, queuedAt });
      await transaction.audit.append(happened('user.email_change_requested', caller, queuedAt, userId));
    });
  }
}
