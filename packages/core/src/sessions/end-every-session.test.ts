import { maxSessions } from '../model/session.ts';
import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';

async function withPeople() {
  const story = scenario();
  for (const name of ['Ada', 'Bob']) await story.register(name);
  await story.deliver();
  return story;
}

describe('EndEverySession', () => {
  it('ends every session of every account, with its access and refresh tokens', async () => {
    const { application, system, login } = await withPeople();
    const grants = [await login('Ada'), await login('Ada'), await login('Bob')];
    expect(await application.endEverySession.execute(system)).toMatchObject({ sessions: 3 });
    for (const { accessToken, refreshToken } of grants) {
      expect(await codeOf(application.authenticate.execute(anyone, { accessToken }))).toBe('invalid_token');
      expect(await codeOf(application.refresh.execute(anyone, { refreshToken }))).toBe('invalid_refresh_token');
    }
    expect(await application.endEverySession.execute(system)).toEqual({ sessions: 0, links: 0 });
  });

  it('leaves accounts and passwords as they are: members log in again', async () => {
    const { application, system, login, session, isOpen } = await withPeople();
    await login('Ada');
    await application.endEverySession.execute(system);
    expect(await isOpen(await session('Ada'))).toBe(true);
  });

  it('invalidates every mailed link', async () => {
    const { application, system, mailedToken } = await withPeople();
    const verification = await mailedToken(emailOf('Bob'), 'verify-email');
    await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
    const reset = await mailedToken(emailOf('Ada'), 'reset-password');
    expect(await application.endEverySession.execute(system)).toMatchObject({ links: 3 });
    const used = [
      application.resetPassword.execute(anyone, { token: reset, newPassword: 'newSecret456' }),
      application.verifyEmail.execute(anyone, { token: verification }),
    ];
    expect(await Promise.all(used.map(codeOf))).toEqual(['invalid_one_time_token', 'invalid_one_time_token']);
  });

  it('cancels a change of address whose mail waits, and sends other mails', async () => {
    const { application, system, session, mailsTo } = await withPeople();
    const change = { newEmail: 'attacker@example.org', currentPassword: password };
    await application.changeEmail.execute(await session('Ada'), change);
    await application.forgotPassword.execute(anyone, { email: emailOf('Bob') });
    await application.endEverySession.execute(system);
    expect(await mailsTo('attacker@example.org')).toEqual([]);
    expect(await mailsTo(emailOf('Bob'))).toContain('reset-password');
  });

  it('works in batches, each with its entry in the audit', async () => {
    const { application, system, ports, session, audited } = await withPeople();
    const { sessionId } = await session('Ada');
    const found = await ports.sessions.findWithUser(sessionId);
    await ports.unitOfWork.run(async ({ sessions }) => {
      for (let n = 1; n < 501; n += 1) await sessions.open({ ...found!.session, id: `session ${n}` }, maxSessions);
    });
    expect(await application.endEverySession.execute(system)).toEqual({ sessions: 501, links: 2 });
    const entries = (await audited()).filter(({ type }) => type === 'session.ended');
    expect(entries.map(({ actorId, subjectId, detail }) => [actorId, subjectId, detail])).toEqual([
      [undefined, undefined, { count: 500, links: 2, by: 'system' }],
      [undefined, undefined, { count: 1, links: 0, by: 'system' }],
    ]);
  });

  it('leaves no session that was open before, however many logins go on meanwhile', async () => {
    const { application, system, session, isOpen } = await withPeople();
    const before = [await session('Ada'), await session('Bob')];
    await Promise.all([
      session('Ada'),
      application.endEverySession.execute(system),
      ...['Bob', 'Ada', 'Bob'].map((name) => session(name).catch(() => {})),
    ]);
    for (const one of before) expect(await isOpen(one)).toBe(false);
  });

  it('can be called again after it failed in the middle', async () => {
    const { application, system, session, isOpen, faults } = await withPeople();
    const before = await session('Ada');
    faults.fail('transaction.audit.append');
    expect(await codeOf(application.endEverySession.execute(system))).toBe('unavailable');
    expect(await isOpen(before)).toBe(true);
    expect(await application.endEverySession.execute(system)).toMatchObject({ sessions: 1 });
    expect(await isOpen(before)).toBe(false);
  });
});
