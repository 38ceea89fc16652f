import * as v from 'valibot';
import { eventOf } from '../model/domain-event.ts';
import { NoInput } from '../model/input.ts';
import type { SessionId } from '../model/session.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Sessions, and links, that one transaction takes. */
const batch = 500;

/** Later than the expiry of any link. */
const endOfTime = new Date('9999-12-31T23:59:59Z');

/** How many sessions were ended, and how many mailed links were invalidated. */
const EndedEverySession = v.object({ sessions: v.number(), links: v.number() });

/**
 * Ends every session of every account, and invalidates every mailed link, for an operator. An attacker may have asked
 * for a link that moves an account to another address, so such mails that wait are cancelled as well.
 *
 * What existed before the call is over when it returns. A login that is answered during the call may count as later than
 * it, and its session stays. If the call fails, earlier batches are done, and another call does the rest.
 */
export const endEverySession = useCase({
  caller: 'system',
  input: NoInput,
  output: EndedEverySession,
  errors: [],
  async run({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>, caller) {
    await unitOfWork.run(({ outbox }) => outbox.cancelEvery('change-email'));
    const ended = { sessions: 0, links: 0 };
    for (let after: SessionId | undefined, isOver = false; !isOver;) {
      const { ids, links } = await unitOfWork.run(async ({ sessions, oneTimeTokens, audit }) => {
        const now = clock.now();
        const taken = {
          ids: await sessions.endNext({ after, limit: batch }, now),
          links: await oneTimeTokens.purge(endOfTime, batch),
        };
        const detail = { count: taken.ids.length, links: taken.links };
        if (detail.count + detail.links > 0) {
          await audit.append(eventOf('session.ended', caller, now, undefined, detail));
        }
        return taken;
      });
      ended.sessions += ids.length;
      ended.links += links;
      after = ids.at(-1) ?? after;
      isOver = ids.length < batch && links < batch;
    }
    return ended;
  },
});
