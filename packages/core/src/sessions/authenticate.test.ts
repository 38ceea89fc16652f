import { describe, expect, it, vi } from 'vitest';
import { codeOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import { withOrigin } from '../model/genuine-callers.ts';
import { type PolicyOptions, secondsAfter } from '../model/policy.ts';

/** Ada, and the token of a login of hers. */
async function withToken(policy?: PolicyOptions) {
  const story = scenario(policy);
  await story.register('Ada');
  const { accessToken } = await story.login('Ada');
  const authenticate = () => story.application.authenticate.execute(anyone, { accessToken });
  return { ...story, authenticate, ada: await authenticate() };
}

describe('Authenticate', () => {
  it('turns a token into the member and the session that it speaks for', async () => {
    const { application, register, login, ports } = scenario();
    const user = await register('Ada');
    const { accessToken } = await login('Ada');
    const member = await application.authenticate.execute(anyone, { accessToken });
    expect(member).toEqual({ user, sessionId: expect.any(String) as string });
    expect((await ports.sessions.findWithUser(member.sessionId))?.session.userId).toBe(user.id);
  });

  it('keeps what is known of the call, and believes the token alone about who calls', async () => {
    const { application, login, admin, ada } = await withToken();
    const grace = await admin('Grace');
    const call = { ip: '::1', userAgent: 'Lynx', requestId: 'r1' };
    const { accessToken } = await login('Ada');
    const member = await application.authenticate.execute(withOrigin(grace, call), { accessToken });
    expect(member).toMatchObject({ ...call, user: ada.user });
    expect(member.sessionId).not.toBe(grace.sessionId);
  });

  it('shows the member as they are now', async () => {
    const { application, admin, authenticate, ada } = await withToken();
    await application.changeRole.execute(await admin('Grace'), { id: ada.user.id, role: 'admin' });
    await application.updateProfile.execute(ada, { profile: { city: 'Ockham' } });
    expect((await authenticate()).user).toMatchObject({ role: 'admin', profile: { city: 'Ockham' } });
  });

  it('reads the store once', async () => {
    const { ports, authenticate } = await withToken();
    const reads = vi.spyOn(ports.sessions, 'findWithUser');
    const others = [vi.spyOn(ports.users, 'findById'), vi.spyOn(ports.unitOfWork, 'run')];
    await authenticate();
    expect(reads).toHaveBeenCalledTimes(1);
    for (const other of others) expect(other).not.toHaveBeenCalled();
  });

  it.each(['', 'token', 'token-1', 'token-1.x', ' token-1.', '__proto__', '\0', 'x'.repeat(1_000_000)])(
    'refuses a string that is no token, without a look at the store',
    async (accessToken) => {
      const { application, ports } = await withToken();
      const reads = vi.spyOn(ports.sessions, 'findWithUser');
      expect(await codeOf(application.authenticate.execute(anyone, { accessToken }))).toBe('invalid_token');
      expect(reads).not.toHaveBeenCalled();
    },
  );

  it('refuses a token from the moment on at which it expires', async () => {
    const { clock, authenticate } = await withToken({ accessTokenLifetime: 60 });
    clock.advance(59.999);
    expect(await authenticate()).toHaveProperty('user');
    clock.advance(0.001);
    expect(await codeOf(authenticate())).toBe('invalid_token');
  });

  it('refuses a token whose session expired before it', async () => {
    const { clock, authenticate } = await withToken({ accessTokenLifetime: 120, sessionLifetime: 60 });
    clock.advance(59.999);
    expect(await authenticate()).toHaveProperty('user');
    clock.advance(0.001);
    expect(await codeOf(authenticate())).toBe('invalid_token');
  });

  it('refuses the token of a session that ended', async () => {
    const { application, authenticate, ada } = await withToken();
    await application.logout.execute(ada);
    expect(await codeOf(authenticate())).toBe('invalid_token');
  });

  it('says of a deleted user that they are gone, and of a deactivated one that they are', async () => {
    const deleted = await withToken();
    await deleted.application.deleteAccount.execute(deleted.ada);
    expect(await codeOf(deleted.authenticate())).toBe('user_no_longer_exists');

    // Their session ended too, but that is not what they are to be told.
    const deactivated = await withToken();
    await deactivated.application.deactivate.execute(deactivated.ada);
    expect(await codeOf(deactivated.authenticate())).toBe('account_deactivated');
  });

  it('revives no earlier session when an account is activated again', async () => {
    const { application, admin, authenticate, ada } = await withToken();
    await application.deactivate.execute(ada);
    await application.activateUser.execute(await admin('Grace'), { id: ada.user.id });
    expect(await codeOf(authenticate())).toBe('invalid_token');
  });

  it('refuses a token that names another user than its session, and says nothing of either', async () => {
    const { application, ports, clock, member, ada } = await withToken();
    const bob = await member('Bob');
    const validity = { issuedAt: clock.now(), expiresAt: secondsAfter(clock.now(), 60) };
    const claims = { userId: ada.user.id, sessionId: bob.sessionId };
    const accessToken = await ports.accessTokens.issue(claims, validity);
    expect(await codeOf(application.authenticate.execute(anyone, { accessToken }))).toBe('invalid_token');

    await application.deactivate.execute(bob);
    expect(await codeOf(application.authenticate.execute(anyone, { accessToken }))).toBe('invalid_token');
  });

  it('refuses tokens from before a change of the password, and accepts later ones', async () => {
    const { application, session, authenticate } = await withToken();
    const phone = await session('Ada');
    await application.changePassword.execute(phone, { currentPassword: password, newPassword: 'newSecret456' });
    expect(await codeOf(authenticate())).toBe('invalid_token');
    expect(await session('Ada', 'newSecret456')).toHaveProperty('user');
  });
});
