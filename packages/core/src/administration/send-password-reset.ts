import * as v from 'valibot';
import { authorizeOperator } from '../authorize.ts';
import { type Mailing, queueMail } from '../mails/queue-mail.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { Id, NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Queues a mail to a user with a link that sets a new password. */
export const sendPasswordReset = useCase({
  caller: 'operator',
  joinable: true,
  input: v.object({ id: Id }),
  output: NoOutput,
  errors: ['user_not_found'],
  async run(needs: Pick<Ports, 'unitOfWork' | 'clock'> & Mailing, caller, { id }) {
    const { unitOfWork, clock } = needs;
    await unitOfWork.run(async (transaction) => {
      const { subject } = await authorizeOperator(transaction, { subject: id });
      if (!subject) throw new SallyportError('user_not_found');
      const queuedAt = clock.now();
      const mail = { kind: 'reset-password', email: subject.user.email, queuedAt } as const;
      await queueMail(needs, transaction, caller, mail);
      await transaction.audit.append(eventOf('user.password_reset_requested', caller, queuedAt, id));
    });
  },
});
