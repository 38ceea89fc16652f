import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, issuesOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import type { PolicyOptions } from '../model/policy.ts';

const newEmail = 'countess@example.org';

/** Grace the admin, and Ada, who is logged in and has read her mail. */
async function people(policy: PolicyOptions = {}) {
  const story = scenario(policy);
  const [grace, ada] = [await story.admin('Grace'), await story.member('Ada')];
  await story.deliver();
  const { id } = ada.user;
  const correct = (input: object) => story.application.correctUser.execute(grace, { id, ...input });
  const credentials = () => story.ports.users.findCredentials({ id });
  return { ...story, grace, ada, id, correct, credentials };
}

describe('CorrectUser', () => {
  it('changes what is sent and leaves the rest', async () => {
    const { correct, ada, credentials } = await people();
    const corrected = { ...ada.user, name: 'Ada King', profile: { age: 36, city: 'Bath' } };
    expect(await correct({ name: ' Ada King ', profile: { city: ' Bath ' } })).toStrictEqual(corrected);
    expect(await credentials()).toMatchObject({ user: corrected, securityVersion: 1 });
  });

  it('records which fields changed, and none of their values', async () => {
    const { correct, id, audited } = await people();
    await correct({ name: 'Ada King', email: newEmail, emailVerified: true, profile: { age: 36, city: 'Bath' } });
    const entry = (await audited()).at(-1);
    expect(entry).toMatchObject({ type: 'user.corrected', actorId: 1, subjectId: id });
    expect(entry?.detail).toEqual({ city: true, email: true, emailVerified: true, name: true });
  });

  it.each([
    {},
    { name: null, email: null, emailVerified: null, profile: { age: null, city: null } },
    { name: 'Ada', email: ' ADA@example.com ', emailVerified: false, profile: { age: 36 } },
    { role: 'admin', isActive: false, externalId: 'x', password, profile: { unknown: 'x' } },
  ])('takes %o for no change: it writes and records nothing', async (input) => {
    const { correct, ada, audited, calls, mailsTo } = await people();
    const [before, mails] = [await audited(), await mailsTo(emailOf('Ada'))];
    calls.length = 0;
    expect(await correct(input)).toStrictEqual(ada.user);
    expect(calls.filter((call) => call.startsWith('users.'))).toEqual([]);
    expect(await audited()).toEqual(before);
    expect(await mailsTo(emailOf('Ada'))).toEqual(mails);
  });

  it('moves the account to an address, unverified, and mails the link that confirms it', async () => {
    const { correct, ports, id, credentials, mailsTo, mailedToken, application } = await people();
    await ports.unitOfWork.run(({ users }) => users.update(id, { emailVerified: true }));
    expect(await correct({ email: newEmail })).toMatchObject({ email: newEmail, emailVerified: false });
    expect((await credentials())?.securityVersion).toBe(2);
    expect(await mailsTo(newEmail)).toEqual(['verify-email']);
    expect(await mailsTo(emailOf('Ada'))).toEqual(['email-changed', 'verify-email']);
    await application.verifyEmail.execute(anyone, { token: await mailedToken(newEmail, 'verify-email') });
    expect((await credentials())?.user).toMatchObject({ email: newEmail, emailVerified: true });
  });

  it('mails nothing to an address that the admin vouches for', async () => {
    const { correct, mailsTo } = await people();
    expect(await correct({ email: newEmail, emailVerified: true })).toMatchObject({ emailVerified: true });
    expect(await mailsTo(newEmail)).toEqual([]);
  });

  it('invites the owner at the new address, if the account has no password', async () => {
    const { application, grace, mailsTo, mailedToken, login } = await people();
    const { id } = await application.createUser.execute(grace, { name: 'Joan', email: 'typo@example.com' });
    await application.correctUser.execute(grace, { id, email: emailOf('Joan') });
    expect(await mailsTo('typo@example.com')).toEqual([]);
    const token = await mailedToken(emailOf('Joan'), 'invitation');
    await application.resetPassword.execute(anyone, { token, newPassword: 'newSecret456' });
    expect(await login('Joan', 'newSecret456')).toMatchObject({ user: { id, emailVerified: true } });
  });

  it('keeps sessions and the password when the address moves', async () => {
    const { correct, ada, isOpen, application } = await people();
    await correct({ email: newEmail });
    expect(await isOpen(ada)).toBe(true);
    expect(await application.login.execute(anyone, { email: newEmail, password })).toMatchObject({
      user: { email: newEmail },
    });
  });

  it('makes links that were mailed before invalid when the address moves, and cancels those that wait', async () => {
    const { correct, application, ada, mailedToken, mailsTo } = await people();
    await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
    const [reset, verify] = [
      await mailedToken(emailOf('Ada'), 'reset-password'),
      await mailedToken(emailOf('Ada'), 'verify-email'),
    ];
    await application.changeEmail.execute(ada, { newEmail: 'thief@example.org', currentPassword: password });
    await correct({ email: newEmail });
    const input = { token: reset, newPassword: 'newSecret456' };
    expect(await codeOf(application.resetPassword.execute(anyone, input))).toBe('invalid_one_time_token');
    expect(await codeOf(application.verifyEmail.execute(anyone, { token: verify }))).toBe('invalid_one_time_token');
    expect(await mailsTo('thief@example.org')).toEqual([]);
  });

  it('takes an address for verified, or no longer, without another version', async () => {
    const { correct, credentials } = await people();
    expect(await correct({ emailVerified: true })).toMatchObject({ emailVerified: true });
    expect(await correct({ emailVerified: false })).toMatchObject({ emailVerified: false });
    expect((await credentials())?.securityVersion).toBe(1);
  });

  it('writes the fields that admins may write, and no others', async () => {
    const { profile } = (await people()).application.policy;
    const fields = { ...profile.fields, motto: { ...profile.fields['city']!, write: ['self' as const] } };
    const { correct, ports, id } = await people({ profile: fields });
    await correct({ profile: { city: 'Bath', motto: 'changed' } });
    expect((await ports.users.findById(id))?.profile).toEqual({ age: 36, city: 'Bath', motto: 'Unknown' });
  });

  it('refuses an address that is taken, and changes nothing', async () => {
    const { correct, credentials, audited, register } = await people();
    await register('Bob');
    const [before, entries] = [await credentials(), await audited()];
    expect(await codeOf(correct({ name: 'Ada King', email: emailOf('Bob') }))).toBe('email_taken');
    expect(await credentials()).toEqual(before);
    expect(await audited()).toEqual(entries);
  });

  it('refuses an account that does not exist', async () => {
    const { correct } = await people();
    expect(await codeOf(correct({ id: 99, name: 'Ada King' }))).toBe('user_not_found');
  });

  it.each([
    [{ id: 0 }, { id: 'Must be at least 1' }],
    [{ name: '' }, { name: 'Must be at least 2 characters' }],
    [{ email: 'ada' }, { email: 'Must be an e-mail address' }],
    [{ emailVerified: 'yes' }, { emailVerified: 'Must be true or false' }],
    [{ profile: { age: '36' } }, { 'profile.age': 'Must be a number' }],
  ])('refuses %o', async (input, issues) => {
    const { correct } = await people();
    expect(await issuesOf(correct(input))).toEqual(issues);
  });
});
