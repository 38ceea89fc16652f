import { describe, expect, it } from 'vitest';
import { codeOf, issuesOf, scenario } from '../../test/scenario.ts';
import { snapshot } from '../../test/snapshot.ts';

describe('ActivateUser', () => {
  it('puts an account back into use, and no session with it', async () => {
    const { application, admin, member, session, isOpen } = scenario();
    const [grace, ada] = [await admin('Grace'), await member('Ada')];
    await application.deactivate.execute(ada);
    expect(await application.activateUser.execute(grace, { id: ada.user.id })).toStrictEqual(ada.user);
    expect(await isOpen(ada)).toBe(false);
    expect(await isOpen(await session('Ada'))).toBe(true);
  });

  it('returns an active account as it is, and records nothing', async () => {
    const story = scenario();
    const { application, admin, member } = story;
    const [grace, ada] = [await admin('Grace'), await member('Ada')];
    const before = await snapshot(story);
    expect(await application.activateUser.execute(grace, { id: ada.user.id })).toStrictEqual(ada.user);
    expect(await snapshot(story)).toEqual(before);
  });
});

describe('DeactivateUser', () => {
  it('takes an account out of use and ends its sessions', async () => {
    const { application, admin, member, session, login, isOpen } = scenario();
    const [grace, laptop, phone] = [await admin('Grace'), await member('Ada'), await session('Ada')];
    const view = await application.deactivateUser.execute(grace, { id: laptop.user.id });
    expect(view).toStrictEqual({ ...laptop.user, isActive: false });
    expect(await Promise.all([laptop, phone, grace].map(isOpen))).toEqual([false, false, true]);
    expect(await codeOf(login('Ada'))).toBe('account_deactivated');
  });

  it('returns a deactivated account as it is, and records nothing', async () => {
    const story = scenario();
    const { application, admin, member } = story;
    const [grace, ada] = [await admin('Grace'), await member('Ada')];
    await application.deactivate.execute(ada);
    const before = await snapshot(story);
    const view = await application.deactivateUser.execute(grace, { id: ada.user.id });
    expect(view).toStrictEqual({ ...ada.user, isActive: false });
    expect(await snapshot(story)).toEqual(before);
  });
});

describe('DeleteUser', () => {
  it('removes an account with its sessions and posts', async () => {
    const { application, admin, member, isOpen } = scenario();
    const [grace, ada] = [await admin('Grace'), await member('Ada')];
    const text = { title: 'On engines', content: 'Weaves algebraical patterns.' };
    const post = await application.createPost.execute(ada, text);
    expect(await application.deleteUser.execute(grace, { id: ada.user.id })).toBeUndefined();
    expect(await isOpen(ada)).toBe(false);
    expect(await codeOf(application.getPost.execute(grace, { id: post.id }))).toBe('posts.not_found');
    expect(await codeOf(application.getUser.execute(grace, { id: ada.user.id }))).toBe('user_not_found');
  });
});

describe('What an admin does to an account', () => {
  const useCases = ['activateUser', 'deactivateUser', 'deleteUser'] as const;

  it.each(useCases)('finds no user under an unknown id: %s', async (useCase) => {
    const { application, admin } = scenario();
    expect(await codeOf(application[useCase].execute(await admin('Grace'), { id: 99 }))).toBe('user_not_found');
  });

  it.each(useCases)('takes a whole number for its id: %s', async (useCase) => {
    const { application, admin } = scenario();
    const grace = await admin('Grace');
    for (const id of [0, -0, 1.5, 1e15, '1', undefined]) {
      expect(await issuesOf(application[useCase].execute(grace, { id } as never))).toHaveProperty('id');
    }
  });
});
