import * as v from 'valibot';
import { NoInput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** How many mails wait to be sent, and the age of the oldest of them in seconds: 0 if none waits. */
const WaitingMailsView = v.object({ count: v.number(), oldestAge: v.number() });

/** Counts the mails that wait, for an operator. A mail that waits for minutes could not be sent so far. */
export const waitingMails = useCase({
  caller: 'system',
  input: NoInput,
  output: WaitingMailsView,
  errors: [],
  async run({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) {
    const { count, oldestQueuedAt } = await unitOfWork.run(({ outbox }) => outbox.waiting());
    const now = clock.now();
    return { count, oldestAge: Math.max(0, now.getTime() - (oldestQueuedAt ?? now).getTime()) / 1000 };
  },
});
