import * as v from 'valibot';
import { admit, type Limiting } from '../limits/admit.ts';
import { type Mailing, queueMail } from '../mails/queue-mail.ts';
import { Email } from '../model/email.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** The answer to every caller. */
const message = 'If that email exists, a reset link has been sent';

const ForgotPasswordView = v.pipe(v.object({ message: v.pipe(v.string(), v.examples([message])) }), v.title('Message'));

type Needs = Limiting & Mailing & Pick<Ports, 'unitOfWork'>;

/**
 * Queues a mail with a link that sets a new password. It does the same for every address: the account is looked up only
 * when the mail is sent.
 */
export const forgotPassword = useCase({
  caller: 'anyone',
  input: v.object({ email: Email }),
  output: ForgotPasswordView,
  errors: ['rate_limited'],
  async run(needs: Needs, caller, { email }) {
    const { unitOfWork, clock } = needs;
    await admit(needs, 'forgotPassword', caller, email);
    await unitOfWork.run((transaction) =>
      queueMail(needs, transaction, caller, { kind: 'reset-password', email, queuedAt: clock.now() }),
    );
    return { message };
  },
});
