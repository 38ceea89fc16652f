import * as v from 'valibot';
import { authorize } from '../authorize.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { NoInput, NoOutput } from '../model/input.ts';
import { SessionId } from '../model/session.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';
import { listLiveSessions, type ListNeeds, sessionPageEntries, SessionPage } from './list-live-sessions.ts';

/** The live sessions of a member, the newest first. */
export const listSessions = useCase({
  caller: 'member',
  input: v.object(sessionPageEntries),
  output: SessionPage,
  errors: [],
  run: (needs: ListNeeds, caller, page) => listLiveSessions(needs, caller, caller.user.id, page),
});

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Ends one session of a member. Its access and refresh tokens become invalid. */
export const endSession = useCase({
  caller: 'member',
  input: v.object({ id: SessionId }),
  output: NoOutput,
  errors: ['session_not_found'],
  async run({ unitOfWork, clock }: Needs, caller, { id }) {
    await unitOfWork.run(async (transaction) => {
      await authorize(transaction);
      const now = clock.now();
      // Another member's session is never locked: two members who name each other's session would wait for each other.
      if (!(await transaction.sessions.endOwn(caller.user.id, id, now))) throw new SallyportError('session_not_found');
      await transaction.audit.append(eventOf('session.ended', caller, now, caller.user.id, { count: 1 }));
    });
  },
});

/** Ends all sessions of a member, including the session of the call. */
export const endAllSessions = useCase({
  caller: 'member',
  input: NoInput,
  output: NoOutput,
  errors: [],
  async run({ unitOfWork, clock }: Needs, caller) {
    await unitOfWork.run(async (transaction) => {
      await authorize(transaction);
      const now = clock.now();
      const count = await transaction.sessions.endAllOf(caller.user.id, now);
      await transaction.audit.append(eventOf('session.ended', caller, now, caller.user.id, { count }));
    });
  },
});
