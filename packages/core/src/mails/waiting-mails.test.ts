import { describe, expect, it } from 'vitest';
import { mailing } from '../../test/mailing.ts';

describe('The waiting mails', () => {
  it('are counted, with the age of the oldest, until they are sent', async () => {
    const { application, system, clock, queue, send } = await mailing();
    await send();
    expect(await application.waitingMails.execute(system)).toEqual({ count: 0, oldestAge: 0 });
    await queue({ queuedAt: clock.now() });
    clock.advance(90);
    await queue({ queuedAt: clock.now() });
    expect(await application.waitingMails.execute(system)).toEqual({ count: 2, oldestAge: 90 });
    await send();
    expect(await application.waitingMails.execute(system)).toEqual({ count: 0, oldestAge: 0 });
  });

  it('are never older than zero seconds, if a clock was ahead', async () => {
    const { application, system, clock } = await mailing();
    clock.advance(-60);
    expect(await application.waitingMails.execute(system)).toEqual({ count: 1, oldestAge: 0 });
  });
});
