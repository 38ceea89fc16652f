import { describe, expect, it, vi } from 'vitest';
import { codeOf, issuesOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import { withOrigin } from '../model/genuine-callers.ts';

const newPassword = 'newSecret456';
const changes = { currentPassword: password, newPassword };

describe('ChangePassword', () => {
  it('replaces the old password by the new one', async () => {
    const { application, member, login } = scenario();
    await application.changePassword.execute(await member('Ada'), changes);
    expect(await codeOf(login('Ada'))).toBe('invalid_credentials');
    expect(await login('Ada', newPassword)).toHaveProperty('accessToken');
  });

  it('ends every session of the member, including the one that it was called in, and of no other member', async () => {
    const { application, member, session, isOpen } = scenario();
    const [laptop, phone, tablet] = [await member('Ada'), await session('Ada'), await session('Ada')];
    const bob = await member('Bob');
    await application.changePassword.execute(phone, changes);
    expect(await Promise.all([laptop, phone, tablet, bob].map(isOpen))).toEqual([false, false, false, true]);
  });

  it('returns a grant for a new session, as a login does', async () => {
    const { application, clock, ports, member } = scenario();
    const ada = await member('Ada');
    clock.advance(60);
    const grant = await application.changePassword.execute(withOrigin(ada, { ip: '::1', userAgent: 'Lynx' }), changes);
    expect(grant).toMatchObject({ tokenType: 'bearer', expiresIn: 30 * 60, user: ada.user });
    const { sessionId } = await application.authenticate.execute(anyone, grant);
    expect(sessionId).not.toBe(ada.sessionId);
    const opened = { createdAt: clock.now(), ip: '::1', userAgent: 'Lynx', generation: 0 };
    expect((await ports.sessions.findWithUser(sessionId))?.session).toMatchObject(opened);
    expect(await application.refresh.execute(anyone, grant)).toHaveProperty('accessToken');
  });

  it('changes nothing where no token can be signed', async () => {
    const { application, faults, member, login, isOpen } = scenario();
    const ada = await member('Ada');
    faults.fail('accessTokens.issue');
    expect(await codeOf(application.changePassword.execute(ada, changes))).toBe('unavailable');
    expect(await isOpen(ada)).toBe(true);
    expect(await login('Ada')).toHaveProperty('accessToken');
  });

  it('changes nothing for those who do not know the current password', async () => {
    const { application, ports, member, session, login, isOpen } = scenario();
    const [laptop, phone] = [await member('Ada'), await session('Ada')];
    const hash = vi.spyOn(ports.hasher, 'hash');
    const guess = application.changePassword.execute(phone, { currentPassword: 'wrong-1', newPassword });
    expect(await codeOf(guess)).toBe('current_password_incorrect');
    expect(hash).not.toHaveBeenCalled();
    expect(await isOpen(laptop)).toBe(true);
    expect(await login('Ada')).toHaveProperty('accessToken');
  });

  it.each([
    [{ newPassword: '12345678' }, { newPassword: 'Password cannot be only numbers' }],
    [{ newPassword: 'abcdefgh' }, { newPassword: 'Password must include at least one number' }],
    [{ newPassword: 'PASSWORD1' }, { newPassword: 'Password is among the most common ones' }],
    [{ currentPassword: undefined }, { currentPassword: 'Field required' }],
    [
      { currentPassword: null, newPassword: 7 },
      { currentPassword: 'Must be a string', newPassword: 'Must be a string' },
    ],
  ])('refuses %o', async (fields, issues) => {
    const { application, member } = scenario();
    const answer = application.changePassword.execute(await member('Ada'), { ...changes, ...fields } as never);
    expect(await issuesOf(answer)).toEqual(issues);
  });

  it('refuses the member’s own address and name', async () => {
    const { application, register, session } = scenario();
    await register('Ada1815', { name: 'Ada 1815' });
    const ada = await session('Ada1815');
    const refused = (text: string) =>
      issuesOf(application.changePassword.execute(ada, { ...changes, newPassword: text }));
    expect(await refused('ADA1815@example.com')).toEqual({ newPassword: 'Password cannot be the e-mail address' });
    expect(await refused('ada 1815')).toEqual({ newPassword: 'Password cannot be the name' });
  });

  it('changes the password of the caller alone, whatever account the input names', async () => {
    const { application, member, login } = scenario();
    const [eve, ada] = [await member('Eve'), await member('Ada')];
    const input = { ...changes, id: ada.user.id, userId: ada.user.id, email: ada.user.email };
    await application.changePassword.execute(eve, input);
    expect(await login('Ada')).toHaveProperty('accessToken');
    expect(await login('Eve', newPassword)).toHaveProperty('accessToken');
  });

  it('changes nothing where the account was deactivated meanwhile', async () => {
    const { application, member, login, meanwhile } = scenario();
    const ada = await member('Ada');
    meanwhile(() => application.deactivate.execute(ada));
    expect(await codeOf(application.changePassword.execute(ada, changes))).toBe('account_deactivated');
    expect(await codeOf(login('Ada', newPassword))).toBe('invalid_credentials');
  });

  it('says so where the account is gone', async () => {
    const { application, member, meanwhile } = scenario();
    const [ada, bob] = [await member('Ada'), await member('Bob')];
    await application.deleteAccount.execute(ada);
    expect(await codeOf(application.changePassword.execute(ada, changes))).toBe('user_no_longer_exists');

    meanwhile(() => application.deleteAccount.execute(bob));
    expect(await codeOf(application.changePassword.execute(bob, changes))).toBe('user_no_longer_exists');
  });

  it('lets one of twenty changes through that come at once', async () => {
    const { application, member, login } = scenario();
    const ada = await member('Ada');
    const chosen = Array.from({ length: 20 }, (_, n) => `newSecret${n}`);
    const answers = await Promise.allSettled(
      chosen.map((text) => application.changePassword.execute(ada, { ...changes, newPassword: text })),
    );
    const winners = chosen.filter((_, n) => answers[n]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await login('Ada', winners[0])).toHaveProperty('accessToken');
    const losers = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    for (const reason of losers) expect(reason).toMatchObject({ code: 'invalid_token' });
  });

  it('leaves no session open that an old password opened meanwhile', async () => {
    const { application, member, session, meanwhile, isOpen } = scenario();
    const ada = await member('Ada');
    let thief = ada;
    meanwhile(async () => (thief = await session('Ada')));
    await application.changePassword.execute(ada, changes);
    expect([await isOpen(ada), await isOpen(thief)]).toEqual([false, false]);
  });
});
