import { describe, expect, it } from 'vitest';
import { codeOf, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';

describe('Deactivate', () => {
  it('takes the account out of use', async () => {
    const { application, member, login } = scenario();
    const ada = await member('Ada');
    expect(await application.deactivate.execute(ada)).toMatchObject({ id: ada.user.id, isActive: false });
    expect(await codeOf(login('Ada'))).toBe('account_deactivated');
  });

  it('ends every session of the member, and no session of others', async () => {
    const { application, member, session, isOpen } = scenario();
    const [laptop, phone, bob] = [await member('Ada'), await session('Ada'), await member('Bob')];
    await application.deactivate.execute(laptop);
    expect(await Promise.all([laptop, phone, bob].map(isOpen))).toEqual([false, false, true]);
  });

  it('keeps the address taken, and hides published posts until the account is active again', async () => {
    const { application, admin, member, register } = scenario();
    const [ada, grace] = [await member('Ada'), await admin('Grace')];
    const text = { title: 'On engines', content: 'Weaves algebraical patterns.' };
    const { id } = await application.createPost.execute(ada, text);
    await application.updatePost.execute(ada, { id, published: true });
    await application.deactivate.execute(ada);
    expect(await codeOf(register('Ada'))).toBe('email_taken');
    expect(await codeOf(application.getPost.execute(anyone, { id }))).toBe('posts.not_found');
    await application.activateUser.execute(grace, { id: ada.user.id });
    expect(await application.getPost.execute(anyone, { id })).toMatchObject({ id });
  });

  it('says so where the account is gone', async () => {
    const { application, member, meanwhile } = scenario();
    const ada = await member('Ada');
    meanwhile(() => application.deleteAccount.execute(ada));
    expect(await codeOf(application.deactivate.execute(ada))).toBe('user_no_longer_exists');
  });
});
