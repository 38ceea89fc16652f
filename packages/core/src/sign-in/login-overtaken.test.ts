import { describe, expect, it, vi } from 'vitest';
import { codeOf, password, scenario } from '../../test/scenario.ts';

describe('Between the proof and the session', () => {
  it('a rehash of the same password lets the login through, without another check', async () => {
    const { ports, register, login, meanwhile } = scenario();
    const { id } = await register('Ada');
    const verify = vi.spyOn(ports.hasher, 'verify');
    const again = await ports.hasher.hash(password);
    meanwhile(() => ports.unitOfWork.run(({ users }) => users.rehashPassword(id, again)));
    expect(await login('Ada')).toMatchObject({ user: { id } });
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('a changed password ends the login, and no session stays', async () => {
    const { application, ports, member, login, meanwhile } = scenario();
    const ada = await member('Ada');
    const changes = { currentPassword: password, newPassword: 'newSecret456' };
    meanwhile(() => application.changePassword.execute(ada, changes));
    expect(await codeOf(login('Ada'))).toBe('invalid_credentials');
    // The one session is that of the changed password.
    expect(await ports.unitOfWork.run(({ sessions }) => sessions.endAllOf(ada.user.id, ports.clock.now()))).toBe(1);
  });

  it('a deleted account ends the login', async () => {
    const { application, member, login, meanwhile } = scenario();
    const ada = await member('Ada');
    meanwhile(() => application.deleteAccount.execute(ada));
    expect(await codeOf(login('Ada'))).toBe('invalid_credentials');
  });

  it('a deactivated account ends the login, and no session stays', async () => {
    const { application, ports, member, login, meanwhile } = scenario();
    const ada = await member('Ada');
    meanwhile(() => application.deactivate.execute(ada));
    expect(await codeOf(login('Ada'))).toBe('account_deactivated');
    expect(await ports.unitOfWork.run(({ sessions }) => sessions.endAllOf(ada.user.id, ports.clock.now()))).toBe(0);
  });

  it('a key that cannot sign ends the login, and leaves neither a session nor a word of one', async () => {
    const { ports, faults, member, login, audited } = scenario();
    const ada = await member('Ada');
    const before = await audited();
    faults.fail('accessTokens.issue');
    expect(await codeOf(login('Ada'))).toBe('unavailable');
    expect(await audited()).toEqual(before);
    expect(await ports.unitOfWork.run(({ sessions }) => sessions.endAllOf(ada.user.id, ports.clock.now()))).toBe(1);
  });

  it('a new role shows in the answer', async () => {
    const { ports, register, login, meanwhile } = scenario();
    const { id } = await register('Ada');
    meanwhile(() => ports.unitOfWork.run(({ users }) => users.update(id, { role: 'admin' })));
    expect(await login('Ada')).toMatchObject({ user: { role: 'admin' } });
  });
});
