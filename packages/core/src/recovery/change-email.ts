import * as v from 'valibot';
import { authorize } from '../authorize.ts';
import { admit } from '../limits/admit.ts';
import { notify, queueMail } from '../mails/queue-mail.ts';
import { eventOf } from '../model/domain-event.ts';
import { Email } from '../model/email.ts';
import { NoOutput } from '../model/input.ts';
import { Password } from '../model/password.ts';
import { reauthenticate, type Reauthenticating, refuseStale } from '../sign-in/reauthenticate.ts';
import { useCase } from '../use-case.ts';

/**
 * Queues a mail with a link to a new address, and a notice to the old one. The account's address changes once the link
 * is used. The answer is the same if the address is taken, or if it is already the member's own, in which case nothing
 * happens.
 */
export const changeEmail = useCase({
  caller: 'member',
  input: v.object({ newEmail: Email, currentPassword: Password }),
  output: NoOutput,
  errors: ['current_password_incorrect', 'rate_limited'],
  async run(needs: Reauthenticating, caller, { newEmail, currentPassword }) {
    const { unitOfWork, clock } = needs;
    const { id: userId } = caller.user;
    await admit(needs, 'changeEmail', caller, userId);
    const proof = await reauthenticate(needs, caller, currentPassword);
    await unitOfWork.run(async (transaction) => {
      const { actor } = await authorize(transaction);
      refuseStale(proof, actor);
      if (newEmail === actor.user.email) return;
      const queuedAt = clock.now();
      const mail = { kind: 'change-email', email: newEmail, userId, queuedAt } as const;
      await queueMail(needs, transaction, caller, mail);
      await notify(needs, transaction, caller, actor.user, { kind: 'email-change-requested', at: queuedAt });
      await transaction.audit.append(eventOf('user.email_change_requested', caller, queuedAt, userId));
    });
  },
});
