import * as v from 'valibot';
import { authorize } from '../authorize.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { Id, NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Queues a mail to a user with a link that sets a new password. */
export const sendPasswordReset = useCase({
  caller: 'admin',
  joinable: true,
  input: v.object({ id: Id }),
  output: NoOutput,
  errors: ['user_not_found'],
  async run({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>, caller, { id }) {
    await unitOfWork.run(async (transaction) => {
      const { subject } = await authorize(transaction, { subject: id });
      if (!subject) throw new SallyportError('user_not_found');
      const queuedAt = clock.now();
      await transaction.outbox.append({ kind: 'reset-password', email: subject.user.email, queuedAt });
      await transaction.audit.append(eventOf('user.password_reset_requested', caller, queuedAt, id));
    });
  },
});
