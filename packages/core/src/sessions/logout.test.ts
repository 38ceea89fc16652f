import { describe, expect, it } from 'vitest';
import { codeOf, scenario } from '../../test/scenario.ts';

describe('Logout', () => {
  it('ends the session of the caller and no other', async () => {
    const { application, member, session, isOpen } = scenario();
    const [laptop, phone] = [await member('Ada'), await session('Ada')];
    expect(await application.logout.execute(laptop)).toBeUndefined();
    expect([await isOpen(laptop), await isOpen(phone)]).toEqual([false, true]);
  });

  it('keeps the row of a session that ended, with the moment of its end', async () => {
    const { application, ports, clock, member } = scenario();
    const ada = await member('Ada');
    clock.advance(60);
    await application.logout.execute(ada);
    const ended = await ports.sessions.findWithUser(ada.sessionId);
    expect(ended?.session.endedAt).toEqual(clock.now());

    clock.advance(60);
    expect(await codeOf(application.logout.execute(ada))).toBe('invalid_token');
    expect(await ports.sessions.findWithUser(ada.sessionId)).toEqual(ended);
  });

  it('is refused where the account is gone', async () => {
    const { application, member } = scenario();
    const ada = await member('Ada');
    await application.deleteAccount.execute(ada);
    expect(await codeOf(application.logout.execute(ada))).toBe('user_no_longer_exists');
  });
});
