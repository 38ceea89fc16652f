import * as v from 'valibot';
import type { Member } from '../caller.ts';
import { happened } from '../events/domain-event.ts';
import { NoOutput, parse } from '../input.ts';
import { admit, type CountingPorts } from '../limits/admit.ts';
import type { Policy } from '../policy.ts';
import type { Ports } from '../ports/ports.ts';
import { forgetLinks } from '../recovery/forget-links.ts';
import { NewPassword, Password, refuseGuessable } from './password-policy.ts';
import { lockProven, reauthenticate } from './reauthenticate.ts';

export const ChangePasswordInput = v.object({ currentPassword: Password, newPassword: NewPassword });

type Needs = Pick<Ports, 'users' | 'unitOfWork' | 'hasher' | 'commonPasswords'> & CountingPorts;

/** Replaces a member's password and ends every other session and every mailed link of theirs. */
export class ChangePassword {
  static readonly input = ChangePasswordInput;
  static readonly output = NoOutput;

  readonly #ports: Needs;
  readonly #policy: Pick<Policy, 'limits'>;
  constructor(ports: Needs, policy: Pick<Policy, 'limits'>) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /**
   * @throws SallyportError `validation_failed` | `rate_limited` | `current_password_incorrect` |
   *   `account_deactivated` | `user_no_longer_exists` | `unavailable`
   */
  async execute(caller: Member, input: v.InferInput<typeof ChangePasswordInput>): Promise<void> {
    const { unitOfWork, hasher, commonPasswords, clock } = this.#ports;
    const { currentPassword, newPassword } = parse(ChangePasswordInput, input);
    await refuseGuessable(newPassword, caller.user, commonPasswords, 'newPassword');
    await admit(this.#ports, this.#policy, 'changePassword', caller, caller.user.id);

    const proven = await reauthenticate(this.#ports, caller, currentPassword);
    const passwordHash = await hasher.hash(newPassword);

    await unitOfWork.run(async (transaction) => {
      await lockProven(transaction.users, proven);
      await transaction.users.setPasswordHash(caller.user.id, passwordHash);
      await forgetLinks(transaction, caller.user.id);
      const now = clock.now();
      const sessionsEnded = await transaction.sessions.endAllOf(caller.user.id, now, caller.sessionId);
      await transaction.audit.append(happened('user.password_changed', caller, now, caller.user.id, { sessionsEnded }));
    });
  }
}
