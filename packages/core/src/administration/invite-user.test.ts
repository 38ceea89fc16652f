import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import type { PolicyOptions } from '../model/policy.ts';

const newPassword = 'newSecret456';
const day = 24 * 60 * 60;

/** Grace the admin, and Joan, whose account has no password and whose invitation was mailed. */
async function invited(policy: PolicyOptions = {}) {
  const story = scenario(policy);
  const { application } = story;
  const grace = await story.admin('Grace');
  const { id } = await application.createUser.execute(grace, { name: 'Joan', email: emailOf('Joan') });
  const token = await story.mailedToken(emailOf('Joan'), 'invitation');
  const invite = (subject = id) => application.inviteUser.execute(grace, { id: subject });
  const accept = (text = token) => application.resetPassword.execute(anyone, { token: text, newPassword });
  return { ...story, grace, id, token, invite, accept };
}

describe('InviteUser', () => {
  it('mails the invitation again, and the link of the first stays valid', async () => {
    const { invite, accept, mailsTo, audited, id } = await invited();
    expect(await invite()).toBeUndefined();
    expect((await audited()).at(-1)).toMatchObject({ type: 'user.invited', actorId: 1, subjectId: id });
    expect(await mailsTo(emailOf('Joan'))).toEqual(['invitation', 'invitation']);
    expect(await accept()).toBeUndefined();
  });

  it('refuses an account that has a password, by whatever way it got one', async () => {
    const { invite, accept, register } = await invited();
    const ada = await register('Ada');
    expect(await codeOf(invite(ada.id))).toBe('password_already_set');
    await accept();
    expect(await codeOf(invite())).toBe('password_already_set');
  });

  it('refuses an account that does not exist', async () => {
    const { invite } = await invited();
    expect(await codeOf(invite(99))).toBe('user_not_found');
  });

  it('mails no further invitation to an account that is deactivated', async () => {
    const { invite, application, grace, id, mailsTo } = await invited();
    await application.deactivateUser.execute(grace, { id });
    await invite();
    expect(await mailsTo(emailOf('Joan'))).toEqual(['account-deactivated', 'invitation']);
  });

  it('mails no further invitation once a password was set before the mail left', async () => {
    const { invite, accept, mailsTo } = await invited();
    await invite();
    await accept();
    expect(await mailsTo(emailOf('Joan'))).toEqual(['invitation', 'password-changed']);
  });
});

describe('An invitation', () => {
  it('sets the password and verifies the address, and the member can log in', async () => {
    const { accept, login, id, ports, audited } = await invited();
    await accept();
    expect(await login('Joan', newPassword)).toMatchObject({ user: { id, emailVerified: true } });
    expect(await ports.users.findCredentials({ id })).toMatchObject({ securityVersion: 2 });
    expect((await audited()).map(({ type }) => type)).toContain('user.password_reset');
  });

  it('is used once, and invalidates every other one, and links for a reset', async () => {
    const { accept, invite, application, mailedToken, clock } = await invited();
    clock.advance(1);
    await invite();
    const second = await mailedToken(emailOf('Joan'), 'invitation');
    await application.forgotPassword.execute(anyone, { email: emailOf('Joan') });
    const reset = await mailedToken(emailOf('Joan'), 'reset-password');
    await accept();
    for (const token of [undefined, second, reset]) expect(await codeOf(accept(token))).toBe('invalid_one_time_token');
  });

  it('is valid for a week, or for as long as the policy says', async () => {
    const [early, late, brief] = [await invited(), await invited(), await invited({ invitationLifetime: 60 })];
    early.clock.advance(7 * day - 0.001);
    expect(await early.accept()).toBeUndefined();
    late.clock.advance(7 * day);
    expect(await codeOf(late.accept())).toBe('invalid_one_time_token');
    brief.clock.advance(60);
    expect(await codeOf(brief.accept())).toBe('invalid_one_time_token');
  });

  it('confirms no address by itself', async () => {
    const { application, token } = await invited();
    expect(await codeOf(application.verifyEmail.execute(anyone, { token }))).toBe('invalid_one_time_token');
  });

  it('is invalid while the account is deactivated, and once it was closed', async () => {
    const [deactivated, closed] = [await invited(), await invited()];
    await deactivated.application.deactivateUser.execute(deactivated.grace, { id: deactivated.id });
    await closed.application.deleteUser.execute(closed.grace, { id: closed.id });
    for (const { accept } of [deactivated, closed]) expect(await codeOf(accept())).toBe('invalid_one_time_token');
  });
});

describe('An account without a password', () => {
  it('is told apart from no other by a login: the same calls, answer and record', async () => {
    const { login, calls, register, audited } = await invited();
    await register('Ada');
    const attempt = async (name: string, secret: string) => {
      calls.length = 0;
      expect(await codeOf(login(name, secret))).toBe('invalid_credentials');
      return [...calls];
    };
    const known = await attempt('Ada', 'wrong-1');
    expect(known).toContain('hasher.verify');
    for (const secret of ['wrong-1', '', 'undefined', password]) expect(await attempt('Joan', secret)).toEqual(known);
    expect(await attempt('Nemo', 'wrong-1')).toEqual(known);
    expect((await audited()).at(-2)).toMatchObject({ type: 'user.login_failed', subjectId: 2 });
  });

  it('gets one by the link of a forgotten password', async () => {
    const { application, mailedToken, accept, login } = await invited();
    await application.forgotPassword.execute(anyone, { email: emailOf('Joan') });
    await accept(await mailedToken(emailOf('Joan'), 'reset-password'));
    expect(await login('Joan', newPassword)).toMatchObject({ user: { name: 'Joan' } });
  });

  it('gets one by the link that an admin has mailed', async () => {
    const { application, grace, id, mailedToken, accept, login } = await invited();
    await application.sendPasswordReset.execute(grace, { id });
    await accept(await mailedToken(emailOf('Joan'), 'reset-password'));
    expect(await login('Joan', newPassword)).toMatchObject({ user: { id } });
  });
});
