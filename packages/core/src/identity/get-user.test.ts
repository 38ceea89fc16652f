import { describe, expect, it } from 'vitest';
import { codeOf, issuesOf, scenario } from '../../test/scenario.ts';

describe('GetUser', () => {
  it('shows a member another one', async () => {
    const { application, member, register } = scenario();
    const [ada, bob] = [await member('Ada'), await register('Bob')];
    expect(await application.getUser.execute(ada, { id: bob.id })).toStrictEqual(bob);
  });

  it('shows an account out of use to admins only', async () => {
    const { application, member, admin } = scenario();
    const [ada, bob, grace] = [await member('Ada'), await member('Bob'), await admin('Grace')];
    await application.deactivate.execute(bob);
    const input = { id: bob.user.id };
    expect(await codeOf(application.getUser.execute(ada, input))).toBe('user_not_found');
    expect(await application.getUser.execute(grace, input)).toMatchObject({ ...input, isActive: false });
  });

  it('finds no user under an unknown id, or one of a deleted account', async () => {
    const { application, member } = scenario();
    const [ada, bob] = [await member('Ada'), await member('Bob')];
    await application.deleteAccount.execute(bob);
    expect(await codeOf(application.getUser.execute(ada, { id: bob.user.id }))).toBe('user_not_found');
    expect(await codeOf(application.getUser.execute(ada, { id: 999_999_999_999_999 }))).toBe('user_not_found');
  });

  it.each([0, -0, -1, 1.5, 1e15, '1', ' 1 ', '__proto__', [1], undefined])('refuses %o as an id', async (id) => {
    const { application, member } = scenario();
    expect(await issuesOf(application.getUser.execute(await member('Ada'), { id } as never))).toHaveProperty('id');
  });

  it('is for admins where the policy says so', async () => {
    const { application, member, admin } = scenario({ userDirectory: 'admins' });
    const [ada, grace] = [await member('Ada'), await admin('Grace')];
    expect(await codeOf(application.getUser.execute(ada, { id: grace.user.id }))).toBe('admin_required');
    expect(await application.getUser.execute(grace, { id: ada.user.id })).toStrictEqual(ada.user);
  });
});
