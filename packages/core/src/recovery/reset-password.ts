import * as v from 'valibot';
import type { Anyone } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { happened } from '../model/domain-event.ts';
import { NewPassword } from '../model/password.ts';
import { refuseGuessable } from '../identity/password-policy.ts';
import { NoOutput, parse } from '../model/input.ts';
import { admit, type CountingPorts } from '../limits/admit.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { forgetLinks } from '../links/forget-links.ts';
import { useLink } from '../links/use-link.ts';

/** Any text is looked up as a token, so that all that is not live gets the same answer. */
export const ResetPasswordInput = v.object({ token: v.string(), newPassword: NewPassword });

const purposes = ['reset-password'] as const;

type Needs = Pick<Ports, 'oneTimeTokens' | 'unitOfWork' | 'hasher' | 'commonPasswords'> & CountingPorts;

/** Replaces the password of whoever holds the link that was mailed, and ends every session of theirs. */
export class ResetPassword {
  static readonly caller = 'anyone';
  static readonly input = ResetPasswordInput;
  static readonly output = NoOutput;

  readonly #ports: Needs;
  readonly #policy: Pick<Policy, 'limits'>;
  constructor(ports: Needs, policy: Pick<Policy, 'limits'>) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /**
   * A password that is refused leaves the token as it is.
   *
   * @throws SallyportError `validation_failed` | `rate_limited` | `invalid_one_time_token` | `unavailable`
   */
  async execute(caller: Anyone, input: v.InferInput<typeof ResetPasswordInput>): Promise<void> {
    const { oneTimeTokens, unitOfWork, hasher, commonPasswords, secrets, clock } = this.#ports;
    const { token, newPassword } = parse(ResetPasswordInput, input);
    await admit(this.#ports, this.#policy, 'resetPassword', caller);
    const digest = secrets.digest(token);
    const owner = await oneTimeTokens.findUser(digest, purposes, clock.now());
    if (!owner) throw new SallyportError('invalid_one_time_token');
    await refuseGuessable(newPassword, owner, commonPasswords, 'newPassword');
    const passwordHash = await hasher.hash(newPassword);

    await unitOfWork.run(async (transaction) => {
      const { users, sessions, audit } = transaction;
      const { id } = owner;
      const now = clock.now();
      await useLink(transaction, { ownerId: id, digest, purposes, at: now });
      await users.setPasswordHash(id, passwordHash);
      await users.update(id, { emailVerified: true });
      await forgetLinks(transaction, id);
      // Whoever opened the account before its address was proven is out as well.
      await sessions.endAllOf(id, now);
      await audit.append(happened('user.password_reset', caller, now, id));
    });
  }
}
