import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, generousLimits, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import type { PolicyOptions } from '../model/policy.ts';

/** Ada, whose address is not verified, under a policy that requires it. */
async function unverified(policy: PolicyOptions = {}) {
  const story = scenario({ emailVerification: 'required', ...policy });
  const { id } = await story.register('Ada');
  await story.deliver();
  const verify = async () => {
    const token = await story.mailedToken(emailOf('Ada'), 'verify-email');
    await story.application.verifyEmail.execute(anyone, { token });
  };
  const links = async () => (await story.mailsTo(emailOf('Ada'))).filter((kind) => kind === 'verify-email').length;
  return { ...story, id, verify, links };
}

describe('A login before the address is verified', () => {
  it('is refused with the right password, opens no session, and mails the link again', async () => {
    const { login, links, audited, ports, id, clock } = await unverified();
    expect(await codeOf(login('Ada'))).toBe('email_not_verified');
    expect(await links()).toBe(2);
    expect((await audited()).at(-1)).toMatchObject({ type: 'user.login_refused', subjectId: id });
    expect(await ports.unitOfWork.run(({ sessions }) => sessions.endAllOf(id, clock.now()))).toBe(0);
  });

  it('tells a caller with a wrong password nothing, and mails nothing', async () => {
    const { login, links, audited } = await unverified();
    expect(await codeOf(login('Ada', 'wrong-1'))).toBe('invalid_credentials');
    expect(await links()).toBe(1);
    expect((await audited()).at(-1)).toMatchObject({ type: 'user.login_failed' });
  });

  it('gets the same answer beyond the limit of mails, and no mail', async () => {
    const limit = { byAccountAndAddress: { attempts: 1, seconds: 15 * 60 } };
    const limits = { ...generousLimits, resendVerification: limit };
    const { login, links, clock } = await unverified({ limits });
    for (let times = 0; times < 8; times += 1) expect(await codeOf(login('Ada'))).toBe('email_not_verified');
    expect(await links()).toBe(1 + 1);
    clock.advance(60 * 60);
    expect(await codeOf(login('Ada'))).toBe('email_not_verified');
    expect(await links()).toBe(1 + 2);
  });

  it('succeeds once the mailed link was opened', async () => {
    const { login, verify } = await unverified();
    await codeOf(login('Ada'));
    await verify();
    expect(await login('Ada')).toMatchObject({ user: { emailVerified: true } });
  });

  it('is refused where the address loses its proof between the check and the session', async () => {
    const { login, verify, meanwhile, ports, id } = await unverified();
    await verify();
    meanwhile(() => ports.unitOfWork.run(({ users }) => users.update(id, { emailVerified: false })));
    expect(await codeOf(login('Ada'))).toBe('email_not_verified');
  });

  it('is told that the account is deactivated, not that its address is unverified', async () => {
    const { login, ports, id, links } = await unverified();
    await ports.unitOfWork.run(({ users }) => users.update(id, { isActive: false }));
    expect(await codeOf(login('Ada'))).toBe('account_deactivated');
    expect(await links()).toBe(0 + 1);
  });

  it('succeeds where the policy leaves it to the member', async () => {
    const { login, links } = await unverified({ emailVerification: 'optional' });
    expect(await login('Ada')).toMatchObject({ user: { emailVerified: false } });
    expect(await links()).toBe(1);
  });
});

describe('A member whose address lost its proof, where it is required', () => {
  it('keeps the password where it would be changed to no session', async () => {
    const { application, verify, session, ports, id } = await unverified();
    await verify();
    const ada = await session('Ada');
    await ports.unitOfWork.run(({ users }) => users.update(id, { emailVerified: false }));
    const before = await ports.users.findCredentials({ id });
    const change = application.changePassword.execute(ada, { currentPassword: password, newPassword: 'newSecret456' });
    expect(await codeOf(change)).toBe('email_not_verified');
    expect(await ports.users.findCredentials({ id })).toEqual(before);
  });

  it('logs in after a reset, whose link proved the address', async () => {
    const { application, mailedToken, login } = await unverified();
    await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
    const token = await mailedToken(emailOf('Ada'), 'reset-password');
    await application.resetPassword.execute(anyone, { token, newPassword: 'newSecret456' });
    expect(await login('Ada', 'newSecret456')).toMatchObject({ user: { emailVerified: true } });
  });
});
