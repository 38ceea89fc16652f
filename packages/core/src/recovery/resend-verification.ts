import { authorize } from '../authorize.ts';
import { admit, type Limiting } from '../limits/admit.ts';
import { type Mailing, queueMail } from '../mails/queue-mail.ts';
import { NoInput, NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

type Needs = Limiting & Mailing & Pick<Ports, 'unitOfWork'>;

/** Queues again the mail that confirms a member's address. Does nothing if the address is confirmed. */
export const resendVerification = useCase({
  caller: 'member',
  input: NoInput,
  output: NoOutput,
  errors: ['rate_limited'],
  async run(needs: Needs, caller) {
    const { unitOfWork, clock } = needs;
    const { user } = caller;
    await admit(needs, 'resendVerification', caller, user.id);
    if (user.emailVerified) return;
    await unitOfWork.run(async (transaction) => {
      const { actor } = await authorize(transaction);
      const { email, emailVerified } = actor.user;
      if (emailVerified) return;
      await queueMail(needs, transaction, caller, { kind: 'verify-email', email, queuedAt: clock.now() });
    });
  },
});
