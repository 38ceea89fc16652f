import * as v from 'valibot';
import { authorize } from '../authorize.ts';
import { admit } from '../limits/admit.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { NewPassword, Password } from '../model/password.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { grant, GrantView, type GrantNeeds } from '../sign-in/grant.ts';
import { type NewSessionNeeds, openSession, prepareSession } from '../sign-in/open-session.ts';
import { reauthenticate, type Reauthenticating, refuseStale } from '../sign-in/reauthenticate.ts';
import { useCase } from '../use-case.ts';
import { refuseGuessable } from './password-policy.ts';
import { replacePassword } from './replace-password.ts';

type Needs = Reauthenticating &
  NewSessionNeeds &
  GrantNeeds &
  Pick<Ports, 'commonPasswords'> & {
    readonly policy: Pick<Policy, 'emailVerification'>;
  };

/**
 * Replaces a member's password and ends every session of the account, including the one of this call, which a thief may
 * have copied. Mailed links become invalid. The output is a grant for a new session.
 */
export const changePassword = useCase({
  caller: 'member',
  input: v.object({ currentPassword: Password, newPassword: NewPassword }),
  output: GrantView,
  errors: ['current_password_incorrect', 'email_not_verified', 'rate_limited'],
  async run(needs: Needs, caller, { currentPassword, newPassword }) {
    const { unitOfWork, hasher, commonPasswords, clock, policy } = needs;
    const { id } = caller.user;
    await refuseGuessable(newPassword, caller.user, commonPasswords, 'newPassword');
    await admit(needs, 'changePassword', caller, id);

    const proof = await reauthenticate(needs, caller, currentPassword);
    const passwordHash = await hasher.hash(newPassword);
    const prepared = await prepareSession(needs, caller, caller.user, proof.methods);

    const opened = await unitOfWork.run(async (transaction) => {
      const { actor } = await authorize(transaction);
      refuseStale(proof, actor);
      const now = clock.now();
      const { user } = actor;
      const replaced = await replacePassword(needs, transaction, caller, { user, proof, passwordHash, at: now });
      const { sessionsEnded } = replaced;
      await transaction.audit.append(eventOf('user.password_changed', caller, now, id, { sessionsEnded }));
      return openSession(transaction, policy, caller, replaced.proof, prepared);
    });
    if (!opened) throw new SallyportError('user_no_longer_exists');
    return grant(needs, prepared.access, { user: opened.user, session: prepared.session });
  },
});
