import { describe, expect, it } from 'vitest';
import { emailOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import { maxSessions, sessionFor } from '../model/session.ts';

describe('One session more than a user may have', () => {
  it('ends the one that was not used for longest, and the audit says so', async () => {
    const { application, ports, clock, login, session, isOpen, audited } = scenario();
    const { id } = await application.register.execute(anyone, {
      name: 'Ada',
      email: emailOf('Ada'),
      password,
      profile: { age: 36 },
    });
    const { refreshToken, accessToken } = await login('Ada');
    const busy = await application.authenticate.execute(anyone, { accessToken });
    clock.advance(1);
    const idle = await session('Ada');
    clock.advance(1);
    const next = await session('Ada');
    clock.advance(1);
    await ports.unitOfWork.run(async ({ sessions }) => {
      const [lifetime, proof] = [
        { now: clock.now(), lifetime: 3600 },
        { userId: id, methods: ['pwd'] as const },
      ];
      for (let n = 3; n < maxSessions; n += 1) {
        await sessions.open(sessionFor(proof, `session ${n}`, anyone, lifetime), maxSessions);
      }
    });
    await application.refresh.execute(anyone, { refreshToken });
    const areOpen = async () => [await isOpen(busy), await isOpen(idle), await isOpen(next)];
    expect(await areOpen()).toEqual([true, true, true]);
    await login('Ada');
    expect(await areOpen()).toEqual([true, false, true]);
    await login('Ada');
    expect(await areOpen()).toEqual([true, false, false]);
    const ended = (await audited()).filter(({ type }) => type === 'session.ended');
    expect(ended.map(({ subjectId, detail }) => [subjectId, detail])).toEqual([
      [id, { count: 1 }],
      [id, { count: 1 }],
    ]);
  });
});
