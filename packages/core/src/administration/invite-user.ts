import * as v from 'valibot';
import { authorizeOperator } from '../authorize.ts';
import { type Mailing, queueMail } from '../mails/queue-mail.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { Id, NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Queues the invitation of an account without a password again. */
export const inviteUser = useCase({
  caller: 'operator',
  joinable: true,
  input: v.object({ id: Id }),
  output: NoOutput,
  errors: ['user_not_found', 'password_already_set'],
  async run(needs: Pick<Ports, 'unitOfWork' | 'clock'> & Mailing, caller, { id }) {
    const { unitOfWork, clock } = needs;
    await unitOfWork.run(async (transaction) => {
      const { subject } = await authorizeOperator(transaction, { subject: id });
      if (!subject) throw new SallyportError('user_not_found');
      if (subject.passwordHash !== undefined) throw new SallyportError('password_already_set');
      const queuedAt = clock.now();
      const mail = { kind: 'invitation', email: subject.user.email, userId: id, queuedAt } as const;
      await queueMail(needs, transaction, caller, mail);
      await transaction.audit.append(eventOf('user.invited', caller, queuedAt, id));
    });
  },
});
