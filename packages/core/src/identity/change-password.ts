import * as v from 'valibot';
import type { Member } from '../model/caller.ts';
import { happened } from '../model/domain-event.ts';
import { parse } from '../model/input.ts';
import { admit, type CountingPorts } from '../limits/admit.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { forgetLinks } from '../links/forget-links.ts';
import { grant, GrantView } from '../sign-in/grant.ts';
import { newSession } from '../sign-in/new-session.ts';
import { NewPassword, Password } from '../model/password.ts';
import { refuseGuessable } from './password-policy.ts';
import { lockProven, reauthenticate } from '../sign-in/reauthenticate.ts';

export const ChangePasswordInput = v.object({ currentPassword: Password, newPassword: NewPassword });

type Needs = Pick<Ports, 'users' | 'unitOfWork' | 'hasher' | 'commonPasswords' | 'accessTokens' | 'refreshTokens'> &
  CountingPorts;
type Rules = Pick<Policy, 'accessTokenLifetime' | 'sessionLifetime' | 'limits'>;

/**
 * Replaces a member's password and ends every session of the account, including the one that the call came in: a
 * thief may hold a copy of it. The output is a grant for a new session.
 */
export class ChangePassword {
  static readonly caller = 'member';
  static readonly input = ChangePasswordInput;
  static readonly output = GrantView;

  readonly #ports: Needs;
  readonly #policy: Rules;
  constructor(ports: Needs, policy: Rules) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /**
   * @throws SallyportError `validation_failed` | `rate_limited` | `current_password_incorrect` |
   *   `account_deactivated` | `user_no_longer_exists` | `unavailable`
   */
  async execute(caller: Member, input: v.InferInput<typeof ChangePasswordInput>): Promise<GrantView> {
    const { unitOfWork, hasher, commonPasswords, clock } = this.#ports;
    const { currentPassword, newPassword } = parse(ChangePasswordInput, input);
    await refuseGuessable(newPassword, caller.user, commonPasswords, 'newPassword');
    await admit(this.#ports, this.#policy, 'changePassword', caller, caller.user.id);

    const proven = await reauthenticate(this.#ports, caller, currentPassword);
    const passwordHash = await hasher.hash(newPassword);
    const { session, access } = await newSession(this.#ports, this.#policy, caller, caller.user.id);

    const user = await unitOfWork.run(async (transaction) => {
      const current = await lockProven(transaction.users, proven);
      await transaction.users.setPasswordHash(caller.user.id, passwordHash);
      await forgetLinks(transaction, caller.user.id);
      const now = clock.now();
      const sessionsEnded = await transaction.sessions.endAllOf(caller.user.id, now);
      await transaction.sessions.append(session);
      await transaction.audit.append(happened('user.password_changed', caller, now, caller.user.id, { sessionsEnded }));
      return current.user;
    });
    return grant(this.#ports, access, { user, session });
  }
}
