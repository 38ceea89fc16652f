import { describe, expect, it, vi } from 'vitest';
import { codeOf, issuesOf, scenario } from '../../test/scenario.ts';

describe('UpdateProfile', () => {
  it('changes what is sent and leaves the rest', async () => {
    const { application, member } = scenario();
    const ada = await member('Ada');
    expect(await application.updateProfile.execute(ada, { name: ' Ada King ' })).toStrictEqual({
      ...ada.user,
      name: 'Ada King',
    });
    expect(await application.updateProfile.execute(ada, { profile: { age: 0, city: '' } })).toStrictEqual({
      ...ada.user,
      name: 'Ada King',
      profile: { age: 0, city: '' },
    });
  });

  it.each([{}, { name: null, profile: { age: null, city: null } }, { name: undefined, profile: {} }])(
    'takes %o for no change',
    async (input) => {
      const { application, member } = scenario();
      const ada = await member('Ada');
      expect(await application.updateProfile.execute(ada, input)).toStrictEqual(ada.user);
    },
  );

  it('keeps both of two changes that come at once', async () => {
    const { application, member } = scenario();
    const ada = await member('Ada');
    await Promise.all([
      application.updateProfile.execute(ada, { name: 'Countess' }),
      application.updateProfile.execute(ada, { profile: { city: 'Ockham' } }),
    ]);
    expect(await application.getUser.execute(ada, { id: ada.user.id })).toMatchObject({
      name: 'Countess',
      profile: { age: 36, city: 'Ockham' },
    });
  });

  it('pays no heed to fields that are not for the caller to set', async () => {
    const { application, member, register, login } = scenario();
    const ada = await member('Ada');
    const bob = await register('Bob');
    const input: object = {
      id: bob.id,
      userId: bob.id,
      email: 'eve@example.com',
      password: 'newSecret456',
      passwordHash: 'plain:0:known',
      role: 'admin',
      isActive: false,
      is_active: false,
      emailVerified: true,
      createdAt: new Date(0),
      externalId: 'legacy-1',
      age: 7,
      profile: { role: 'admin', isActive: false, unknown: 'x' },
    };
    expect(await application.updateProfile.execute(ada, input)).toStrictEqual(ada.user);
    expect(await application.getUser.execute(ada, { id: bob.id })).toStrictEqual(bob);
    expect(await login('Ada')).toMatchObject({ user: { role: 'user' } });
  });

  it.each([
    [{ name: 'A' }, { name: 'Must be at least 2 characters' }],
    [{ name: 'x'.repeat(51) }, { name: 'Must be at most 50 characters' }],
    [{ name: 'Ada\u202e' }, { name: 'Must not contain control or direction characters' }],
    [{ profile: { age: -0 } }, { 'profile.age': 'Must be a whole number' }],
    [
      { profile: { age: 151, city: 'x\0' } },
      { 'profile.age': 'Must be at most 150', 'profile.city': 'Must be well-formed Unicode without NUL' },
    ],
    [{ profile: { city: 7 } }, { 'profile.city': 'Must be a string' }],
    [{ profile: 7 }, { profile: 'Must be an object' }],
  ])('refuses %o and changes nothing', async (input, issues) => {
    const { application, member } = scenario();
    const ada = await member('Ada');
    expect(await issuesOf(application.updateProfile.execute(ada, input as never))).toEqual(issues);
    expect(await application.getUser.execute(ada, { id: ada.user.id })).toStrictEqual(ada.user);
  });

  it('says so where the account is gone', async () => {
    const { application, member } = scenario();
    const ada = await member('Ada');
    await application.deleteAccount.execute(ada);
    expect(await codeOf(application.updateProfile.execute(ada, { profile: { age: 37 } }))).toBe(
      'user_no_longer_exists',
    );
  });
});

describe('GetProfile', () => {
  it('shows the account of the caller and no hash', async () => {
    const { application, ports, member } = scenario();
    const ada = await member('Ada');
    const findWithUser = ports.sessions.findWithUser.bind(ports.sessions);
    vi.spyOn(ports.sessions, 'findWithUser').mockImplementation(async (id) => {
      const found = await findWithUser(id);
      return found && { ...found, user: { ...found.user, passwordHash: 'hash' } };
    });
    expect(await application.getProfile.execute(ada)).toStrictEqual(ada.user);
  });
});
