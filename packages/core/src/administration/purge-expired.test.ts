import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import type { Email } from '../model/email.ts';

const day = 24 * 60 * 60;

/** What is kept, as its own purge counts it, without keeping the purge. */
async function kept({ ports, clock }: ReturnType<typeof scenario>) {
  const ever = new Date(clock.now().getTime() + 1000 * 365 * day * 1000);
  const counted: number[] = [];
  const undo = new Error('undo');
  await ports.unitOfWork
    .run(async ({ sessions, oneTimeTokens, audit }) => {
      counted.push(await sessions.purge(ever, 1e6), await oneTimeTokens.purge(ever, 1e6), await audit.purge(ever, 1e6));
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  const [sessions, oneTimeTokens, audit] = counted;
  return { sessions, oneTimeTokens, audit };
}

describe('PurgeExpired', () => {
  it('removes nothing that may still count', async () => {
    const story = scenario();
    await story.member('Ada');
    await story.deliver();
    expect(await story.application.purgeExpired.execute(story.system)).toBe(false);
    expect(await kept(story)).toEqual({ sessions: 1, oneTimeTokens: 1, audit: 2 });
  });

  it('removes tokens that expired, sessions that are over, and what the audit need not remember', async () => {
    const story = scenario();
    const { application, system, clock } = story;
    await story.member('Ada');
    await story.deliver();

    clock.advance(2 * day + 1);
    await application.purgeExpired.execute(system);
    expect(await kept(story)).toEqual({ sessions: 1, oneTimeTokens: 0, audit: 2 });

    clock.advance(88 * day + 3600);
    await application.purgeExpired.execute(system);
    expect(await kept(story)).toEqual({ sessions: 0, oneTimeTokens: 0, audit: 2 });

    clock.advance(275 * day);
    await application.purgeExpired.execute(system);
    expect(await kept(story)).toEqual({ sessions: 0, oneTimeTokens: 0, audit: 0 });
  });

  it('lets the audit remember for as long as the policy says, to the moment', async () => {
    const story = scenario({ auditRetention: 100 });
    const { application, system, clock } = story;
    await story.register('Ada');
    clock.advance(100);
    await application.purgeExpired.execute(system);
    expect(await kept(story)).toMatchObject({ audit: 1 });
    clock.advance(0.001);
    await application.purgeExpired.execute(system);
    expect(await kept(story)).toMatchObject({ audit: 0 });
  });

  it('forgets a network of an account once its time is over', async () => {
    const story = scenario();
    const { application, system, clock, ports, register, login } = story;
    await register('Ada');
    await login('Ada', password, { ip: '203.0.113.7' });
    const purge = () => application.purgeExpired.execute(system);
    const forgotten = () => ports.unitOfWork.run(({ knownNetworks }) => knownNetworks.purgeAllOf(1, 10));
    clock.advance(90 * day - 1);
    await purge();
    expect(await ports.knownNetworks.isKnown(emailOf('Ada') as Email, '203.0.113.0/24', clock.now())).toBe(true);
    clock.advance(1);
    await purge();
    expect(await forgotten()).toBe(0);
  });

  it('keeps a session that ended until it would have been over', async () => {
    const story = scenario();
    const { application, system, clock } = story;
    await application.logout.execute(await story.member('Ada'));
    clock.advance(89 * day);
    await application.purgeExpired.execute(system);
    expect(await kept(story)).toMatchObject({ sessions: 1 });
  });

  it('keeps a session for as long as an access token of it may be shown', async () => {
    const { application, system, clock, register, login } = scenario({ sessionLifetime: 100, accessTokenLifetime: 60 });
    await register('Ada');
    const { refreshToken } = await login('Ada');
    clock.advance(99.999);
    const { accessToken } = await application.refresh.execute(anyone, { refreshToken });
    for (const seconds of [0.002, 59]) {
      clock.advance(seconds);
      await application.purgeExpired.execute(system);
      expect(await codeOf(application.authenticate.execute(anyone, { accessToken }))).toBe('invalid_token');
    }
  });

  it('removes a few at a time, and says whether there is more', async () => {
    const story = scenario({ auditRetention: 10 });
    const { application, system, ports, clock } = story;
    const event = { type: 'user.login_failed', at: clock.now(), detail: {} } as const;
    await ports.unitOfWork.run(async ({ audit }) => {
      for (let n = 0; n < 501; n += 1) await audit.append(event);
    });
    clock.advance(11);
    expect(await application.purgeExpired.execute(system)).toBe(true);
    expect(await kept(story)).toMatchObject({ audit: 1 });
    expect(await application.purgeExpired.execute(system)).toBe(false);
    expect(await kept(story)).toMatchObject({ audit: 0 });
  });

  it('leaves accounts and mails that wait as they are', async () => {
    const { application, system, register, clock, login, mailsTo } = scenario();
    await register('Ada');
    clock.advance(1000 * day);
    await application.purgeExpired.execute(system);
    expect(await login('Ada')).toHaveProperty('accessToken');
    expect(await mailsTo(emailOf('Ada'))).toEqual(['verify-email']);
  });
});
