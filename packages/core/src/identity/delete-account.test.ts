import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';

const text = { title: 'On engines', content: 'Weaves algebraical patterns.' };

describe('DeleteAccount', () => {
  it('removes the account and frees its address, never its id', async () => {
    const { application, member, register, login } = scenario();
    const ada = await member('Ada');
    expect(await application.deleteAccount.execute(ada)).toBeUndefined();
    expect(await codeOf(login('Ada'))).toBe('invalid_credentials');
    expect(await register('Ada')).toMatchObject({ id: ada.user.id + 1 });
  });

  it('hides the sessions and posts of the member at once, and no others', async () => {
    const { application, member, session, isOpen } = scenario();
    const [laptop, phone, bob] = [await member('Ada'), await session('Ada'), await member('Bob')];
    const [mine, his] = [
      await application.createPost.execute(laptop, text),
      await application.createPost.execute(bob, text),
    ];
    await application.updatePost.execute(laptop, { id: mine.id, published: true });

    await application.deleteAccount.execute(laptop);
    expect(await Promise.all([laptop, phone, bob].map(isOpen))).toEqual([false, false, true]);
    expect(await codeOf(application.getPost.execute(anyone, { id: mine.id }))).toBe('posts.not_found');
    expect(await application.getPost.execute(bob, { id: his.id })).toMatchObject({ id: his.id });
  });

  it('cancels the mails that wait for the member, but no security notices and no mails of others', async () => {
    const { application, member, deliver, ports, clock } = scenario();
    const [ada, bob] = [await member('Ada'), await member('Bob')];
    await deliver();
    for (const [caller, name] of [[ada, 'ada'] as const, [bob, 'bob'] as const]) {
      const input = { newEmail: `${name}@example.org`, currentPassword: password };
      await application.changeEmail.execute(caller, input);
    }
    await application.deleteAccount.execute(ada);
    const lease = { at: clock.now(), until: clock.now(), limit: 10 };
    const waiting = await ports.unitOfWork.run(({ outbox }) => outbox.claim(lease));
    expect(waiting.map(({ kind, email }) => [kind, email])).toEqual([
      ['email-change-requested', emailOf('Ada')],
      ['change-email', 'bob@example.org'],
      ['email-change-requested', emailOf('Bob')],
      ['account-closed', emailOf('Ada')],
    ]);
  });

  it('says so where the account is gone', async () => {
    const { application, member } = scenario();
    const ada = await member('Ada');
    await application.deleteAccount.execute(ada);
    expect(await codeOf(application.deleteAccount.execute(ada))).toBe('user_no_longer_exists');
  });

  it('removes an account once, however many ask at once', async () => {
    const { application, member } = scenario();
    const ada = await member('Ada');
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => application.deleteAccount.execute(ada)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('leaves neither post nor session behind of what was under way', async () => {
    const { application, ports, member, login, meanwhile } = scenario();
    const ada = await member('Ada');
    meanwhile(() => application.deleteAccount.execute(ada));
    expect(await codeOf(application.createPost.execute(ada, text))).toBe('user_no_longer_exists');

    const bob = await member('Bob');
    meanwhile(() => application.deleteAccount.execute(bob));
    expect(await codeOf(login('Bob'))).toBe('invalid_credentials');
    const left = ports.unitOfWork.run(async ({ posts, sessions }) => [
      await posts.purgeAllOf(ada.user.id, 10),
      await sessions.purgeAllOf(bob.user.id, 10),
    ]);
    // The session of the member who closed the account.
    expect(await left).toEqual([0, 1]);
  });
});
