import * as v from 'valibot';
import { admit, type Limiting } from '../limits/admit.ts';
import { type Mailing, queueMail } from '../mails/queue-mail.ts';
import { Email } from '../model/email.ts';
import { NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

type Needs = Limiting & Mailing & Pick<Ports, 'unitOfWork'>;

/**
 * Queues a mail with a new link that confirms an address, for an owner whose earlier link is no longer valid. It does
 * the same for every address: the account is looked up only when the mail is sent.
 */
export const requestVerification = useCase({
  caller: 'anyone',
  input: v.object({ email: Email }),
  output: NoOutput,
  errors: ['rate_limited'],
  async run(needs: Needs, caller, { email }) {
    const { unitOfWork, clock } = needs;
    await admit(needs, 'resendVerification', caller, email);
    await unitOfWork.run((transaction) =>
      queueMail(needs, transaction, caller, { kind: 'verify-email', email, queuedAt: clock.now() }),
    );
  },
});
