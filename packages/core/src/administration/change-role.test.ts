import { describe, expect, it } from 'vitest';
import { codeOf, issuesOf, scenario } from '../../test/scenario.ts';
import { snapshot } from '../../test/snapshot.ts';
import { isAdmin } from '../model/caller.ts';

describe('ChangeRole', () => {
  it('makes an admin of a member, and a member of an admin', async () => {
    const { application, admin, member, session } = scenario();
    const [grace, ada] = [await admin('Grace'), await member('Ada')];
    const { id } = ada.user;
    expect(await application.changeRole.execute(grace, { id, role: 'admin' })).toStrictEqual({
      ...ada.user,
      role: 'admin',
    });
    expect(isAdmin(await session('Ada'))).toBe(true);

    expect(await application.changeRole.execute(grace, { id, role: 'user' })).toStrictEqual(ada.user);
    expect(isAdmin(await session('Ada'))).toBe(false);
  });

  it('returns a user who has the role already, and records nothing', async () => {
    const story = scenario();
    const [grace, ada] = [await story.admin('Grace'), await story.member('Ada')];
    const before = await snapshot(story);
    for (const { user } of [grace, ada]) {
      const { id, role } = user;
      expect(await story.application.changeRole.execute(grace, { id, role })).toStrictEqual(user);
    }
    expect(await snapshot(story)).toEqual(before);
  });

  it.each(['root', 'Admin', '', null, ['admin'], undefined])('refuses %o as a role', async (role) => {
    const { application, admin } = scenario();
    const grace = await admin('Grace');
    const answer = application.changeRole.execute(grace, { id: grace.user.id, role } as never);
    expect(await issuesOf(answer)).toEqual({
      role: role === undefined ? 'Field required' : 'Must be one of "user" | "admin"',
    });
  });

  it.each(['user', 'admin'] as const)('finds no user to make a %s under an unknown id', async (role) => {
    const { application, admin } = scenario();
    expect(await codeOf(application.changeRole.execute(await admin('Grace'), { id: 99, role }))).toBe('user_not_found');
  });
});
