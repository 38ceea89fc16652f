import { authorize } from '../authorize.ts';
import { eventOf } from '../model/domain-event.ts';
import { NoInput, NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Ends the session of the call. Its access and refresh tokens become invalid. */
export const logout = useCase({
  caller: 'member',
  input: NoInput,
  output: NoOutput,
  errors: [],
  async run({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>, caller) {
    await unitOfWork.run(async (transaction) => {
      await authorize(transaction);
      const now = clock.now();
      await transaction.sessions.end(caller.sessionId, now);
      await transaction.audit.append(eventOf('session.ended', caller, now, caller.user.id, { count: 1 }));
    });
  },
});
