import * as v from 'valibot';
import { authorizeOperator } from '../authorize.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { Id, NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Ends every session of a user. */
export const endUserSessions = useCase({
  caller: 'operator',
  joinable: true,
  input: v.object({ id: Id }),
  output: NoOutput,
  errors: ['user_not_found'],
  async run({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>, caller, { id }) {
    await unitOfWork.run(async (transaction) => {
      const { subject } = await authorizeOperator(transaction, { subject: id });
      if (!subject) throw new SallyportError('user_not_found');
      const now = clock.now();
      const count = await transaction.sessions.endAllOf(id, now);
      if (count > 0) await transaction.audit.append(eventOf('session.ended', caller, now, id, { count }));
    });
  },
});
