import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, issuesOf, password, scenario } from '../../test/scenario.ts';
import { anyone, type Member } from '../model/caller.ts';

const newEmail = 'countess@example.org';
const newPassword = 'newSecret456';
const changes = { currentPassword: password, newPassword };

async function withAda() {
  const story = scenario();
  const ada = await story.member('Ada');
  const change = (caller: Member, email = newEmail, currentPassword = password) =>
    story.application.changeEmail.execute(caller, { newEmail: email, currentPassword });
  const verify = (token: string) => story.application.verifyEmail.execute(anyone, { token });
  const emailNow = async () => (await story.ports.users.findById(ada.user.id))?.email;
  return { ...story, ada, change, verify, emailNow };
}

describe('ChangeEmail', () => {
  it('moves the account once the link is used that was mailed to the new address', async () => {
    const { ada, change, verify, emailNow, mailedToken, ports, application, isOpen } = await withAda();
    expect(await change(ada)).toBeUndefined();
    const token = await mailedToken(newEmail, 'change-email');
    expect(await emailNow()).toBe(emailOf('Ada'));

    expect(await verify(token)).toBeUndefined();
    const moved = { ...ada.user, email: newEmail, emailVerified: true };
    expect(await ports.users.findById(ada.user.id)).toStrictEqual(moved);
    expect(await isOpen(ada)).toBe(true);
    const login = (email: string) => application.login.execute(anyone, { email, password });
    expect(await codeOf(login(emailOf('Ada')))).toBe('invalid_credentials');
    expect(await login(newEmail)).toMatchObject({ user: { id: ada.user.id } });
  });

  it('tells the old address, without a link', async () => {
    const { ada, change, mailsTo, ports } = await withAda();
    await change(ada);
    expect(await mailsTo(emailOf('Ada'))).toEqual(['email-change-requested', 'verify-email']);
    const told = ports.mailer.mails.find(({ kind }) => kind === 'email-change-requested');
    expect(told).toEqual({
      id: expect.any(String) as string,
      kind: 'email-change-requested',
      to: emailOf('Ada'),
      locale: 'en',
      words: expect.not.objectContaining({ action: expect.anything() as object }) as object,
    });
  });

  it('answers, works and tells the old address alike where the new one is taken, and mails it nothing', async () => {
    const { ada, change, register, mailsTo, calls, deliver, audited } = await withAda();
    await register('Bob');
    await deliver();
    calls.length = 0;
    expect(await change(ada)).toBeUndefined();
    const work = calls.splice(0);
    const event = (await audited()).at(-1);
    expect(await change(ada, emailOf('Bob'))).toBeUndefined();
    expect(calls).toEqual(work);
    expect((await audited()).at(-1)).toMatchObject({ ...event, id: expect.any(Number) as number });

    expect(await mailsTo(emailOf('Bob'))).toEqual(['verify-email']);
    const told = ['email-change-requested', 'email-change-requested'];
    expect(await mailsTo(emailOf('Ada'))).toEqual([...told, 'verify-email']);
  });

  it('queues nothing for those who do not know the password', async () => {
    const { ada, change, mailsTo, audited } = await withAda();
    expect(await codeOf(change(ada, newEmail, 'wrong-1'))).toBe('current_password_incorrect');
    expect(await mailsTo(emailOf('Ada'))).toEqual(['verify-email']);
    expect(await mailsTo(newEmail)).toEqual([]);
    expect((await audited()).map(({ type }) => type)).not.toContain('user.email_change_requested');
  });

  it('does nothing for the address that the member has, however it is spelled', async () => {
    const { ada, change, mailsTo, audited } = await withAda();
    await mailsTo(emailOf('Ada'));
    const before = await audited();
    await change(ada, ` ${emailOf('Ada').toUpperCase()} `);
    expect(await mailsTo(emailOf('Ada'))).toEqual(['verify-email']);
    expect(await audited()).toEqual(before);
  });

  it('queues nothing where the password was changed meanwhile', async () => {
    const { application, ada, change, mailsTo, meanwhile } = await withAda();
    meanwhile(() => application.changePassword.execute(ada, changes));
    expect(await codeOf(change(ada))).toBe('invalid_token');
    expect(await mailsTo(newEmail)).toEqual([]);
  });

  it('queues nothing where the account was deactivated meanwhile', async () => {
    const { application, ada, change, mailsTo, meanwhile } = await withAda();
    meanwhile(() => application.deactivate.execute(ada));
    expect(await codeOf(change(ada))).toBe('account_deactivated');
    expect(await mailsTo(newEmail)).toEqual([]);
  });

  it('says so where the account is gone, before or meanwhile', async () => {
    const { application, member, ada, change, meanwhile } = await withAda();
    await application.deleteAccount.execute(ada);
    expect(await codeOf(change(ada))).toBe('user_no_longer_exists');

    const bob = await member('Bob');
    meanwhile(() => application.deleteAccount.execute(bob));
    expect(await codeOf(change(bob))).toBe('user_no_longer_exists');
  });

  it.each([
    [{ newEmail: 'ada', currentPassword: password }, { newEmail: 'Must be an e-mail address' }],
    [{ newEmail }, { currentPassword: 'Field required' }],
    [
      { newEmail: [newEmail], currentPassword: null },
      {
        newEmail: 'Must be a string',
        currentPassword: 'Must be a string',
      },
    ],
  ])('refuses %o', async (input, issues) => {
    const { application, ada } = await withAda();
    expect(await issuesOf(application.changeEmail.execute(ada, input as never))).toEqual(issues);
  });
});

describe('A link that changes an address', () => {
  it('works for 48 hours, and answers a repeat alike', async () => {
    const [early, late] = [await withAda(), await withAda()];
    for (const { ada, change } of [early, late]) await change(ada);
    const token = await early.mailedToken(newEmail, 'change-email');
    early.clock.advance(48 * 3600 - 0.001);
    expect(await early.verify(token)).toBeUndefined();
    expect(await early.verify(token)).toBeUndefined();
    expect((await early.audited()).filter(({ type }) => type === 'user.email_changed')).toHaveLength(1);
    early.clock.advance(0.001);
    expect(await codeOf(early.verify(token))).toBe('invalid_one_time_token');

    const expired = await late.mailedToken(newEmail, 'change-email');
    late.clock.advance(48 * 3600);
    expect(await codeOf(late.verify(expired))).toBe('invalid_one_time_token');
    expect(await late.emailNow()).toBe(emailOf('Ada'));
  });

  it('makes every other one worthless once it is used, before or after it left', async () => {
    const { ada, change, verify, mailedToken, mailsTo, emailNow } = await withAda();
    await change(ada, 'typo@example.org');
    const first = await mailedToken('typo@example.org', 'change-email');
    await change(ada);
    const second = await mailedToken(newEmail, 'change-email');
    await change(ada, 'third@example.org');
    expect(await verify(second)).toBeUndefined();
    expect(await codeOf(verify(first))).toBe('invalid_one_time_token');
    expect(await mailsTo('third@example.org')).toEqual([]);
    expect(await verify(second)).toBeUndefined();
    expect(await emailNow()).toBe(newEmail);
  });

  it('does not move the account back once it has moved on', async () => {
    const { ada, change, verify, mailedToken, emailNow } = await withAda();
    await change(ada);
    const first = await mailedToken(newEmail, 'change-email');
    await verify(first);
    await change(ada, 'third@example.org');
    await verify(await mailedToken('third@example.org', 'change-email'));
    expect(await codeOf(verify(first))).toBe('invalid_one_time_token');
    expect(await emailNow()).toBe('third@example.org');
  });

  it('is invalid once another account has the address', async () => {
    const { ada, change, verify, mailedToken, emailNow, register, audited } = await withAda();
    await change(ada);
    const token = await mailedToken(newEmail, 'change-email');
    await register('Bob', { email: newEmail });
    expect(await codeOf(verify(token))).toBe('invalid_one_time_token');
    expect(await emailNow()).toBe(emailOf('Ada'));
    expect((await audited()).map(({ type }) => type)).not.toContain('user.email_changed');
  });

  it('is not mailed where the address was taken before it left', async () => {
    const { ada, change, register, mailsTo } = await withAda();
    await change(ada);
    await register('Bob', { email: newEmail });
    expect(await mailsTo(newEmail)).toEqual(['verify-email']);
  });

  it.each<[string, (story: Awaited<ReturnType<typeof withAda>>, reset: string) => Promise<unknown>]>([
    ['changed', ({ application, ada }) => application.changePassword.execute(ada, changes)],
    ['reset', ({ application }, token) => application.resetPassword.execute(anyone, { token, newPassword })],
  ])('is not mailed where the password was %s before it left', async (_, act) => {
    const story = await withAda();
    const { application, ada, change, mailedToken, mailsTo } = story;
    await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
    const reset = await mailedToken(emailOf('Ada'), 'reset-password');
    await change(ada);
    await act(story, reset);
    expect(await mailsTo(newEmail)).toEqual([]);
    expect(await mailsTo(emailOf('Ada'))).toContain('email-change-requested');
  });

  it('is not mailed where the account was out of use for a while before it left', async () => {
    const { application, ada, change, admin, mailsTo } = await withAda();
    await change(ada);
    await application.deactivate.execute(ada);
    await application.activateUser.execute(await admin('Grace'), { id: ada.user.id });
    expect(await mailsTo(newEmail)).toEqual([]);
  });

  it('gives an address to one of two members who both hold a link to it', async () => {
    const { ada, change, verify, member, mailedToken, ports } = await withAda();
    const bob = await member('Bob');
    const tokens: string[] = [];
    for (const caller of [ada, bob]) {
      await change(caller);
      tokens.push(await mailedToken(newEmail, 'change-email'));
    }
    const answers = await Promise.allSettled(tokens.map(verify));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(answers[1]).toMatchObject({ reason: { code: 'invalid_one_time_token' } });
    expect(await ports.users.findById(bob.user.id)).toMatchObject({ email: emailOf('Bob') });
  });

  it('makes links that were mailed to the old address worthless', async () => {
    const { application, ada, change, verify, mailedToken } = await withAda();
    await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
    const reset = await mailedToken(emailOf('Ada'), 'reset-password');
    const confirm = await mailedToken(emailOf('Ada'), 'verify-email');
    await change(ada);
    await verify(await mailedToken(newEmail, 'change-email'));
    expect(await codeOf(verify(confirm))).toBe('invalid_one_time_token');
    const input = { token: reset, newPassword };
    expect(await codeOf(application.resetPassword.execute(anyone, input))).toBe('invalid_one_time_token');
  });

  it('is worth nothing once the password was changed', async () => {
    const { application, ada, change, verify, mailedToken, emailNow } = await withAda();
    await change(ada);
    const token = await mailedToken(newEmail, 'change-email');
    await application.changePassword.execute(ada, changes);
    expect(await codeOf(verify(token))).toBe('invalid_one_time_token');
    expect(await emailNow()).toBe(emailOf('Ada'));
  });
});
