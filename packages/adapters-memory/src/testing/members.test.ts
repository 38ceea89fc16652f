import { anyone, line, type ProfileFields, wholeNumber } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { testApplication } from './index.ts';

const profile: ProfileFields = {
  age: { schema: wholeNumber(0, 150), default: null, required: true },
  city: { schema: line(0, 50), default: null },
};

describe('A member of a test application', () => {
  it('is genuine and logged in', async () => {
    const { application, member } = testApplication();
    const ada = await member('Ada');
    expect(ada.user).toMatchObject({ name: 'Ada', email: 'ada@example.com', role: 'user', emailVerified: false });
    expect(await application.getProfile.execute(ada)).toMatchObject({ name: 'Ada' });
    expect((await application.listSessions.execute(ada)).items).toHaveLength(1);
  });

  it('has an address of its own, whatever the name', async () => {
    const { member } = testApplication();
    const names = ['Ada Lovelace', 'Ada Lovelace', undefined, undefined, '李白', 'Ada Lovelace'];
    const members = await Promise.all(names.map((name) => member(name)));
    expect(members.map(({ user }) => user.email)).toEqual([
      'ada.lovelace@example.com',
      'ada.lovelace.2@example.com',
      'member.1@example.com',
      'member.2@example.com',
      'member@example.com',
      'ada.lovelace.3@example.com',
    ]);
    expect(members.map(({ user }) => user.name)).toEqual(names.map((name, index) => name ?? `Member ${index - 1}`));
  });

  it('leaves an address to the account that has it', async () => {
    const { application, member } = testApplication();
    await application.register.execute(anyone, { name: 'Ada', email: 'ada@example.com', password: 'secret123' });
    await member('Bob', { email: 'bob@example.com' });
    const members = [await member('Ada'), await member('Bob')];
    expect(members.map(({ user }) => user.email)).toEqual(['ada.2@example.com', 'bob.2@example.com']);
  });

  it('has the fields that the test states, over those of every member', async () => {
    const { member } = testApplication({ profile, memberFields: { profile: { age: 36 } } });
    expect((await member()).user.profile).toEqual({ age: 36 });
    const stated = { email: 'countess@example.com', profile: { city: 'London' }, emailVerified: true };
    const ada = await member('Ada', stated);
    expect(ada.user).toMatchObject({ ...stated, name: 'Ada', profile: { age: 36, city: 'London' } });
    expect((await member('Bob', { profile: { age: 41 } })).user.profile).toEqual({ age: 41 });
  });

  it('is refused without a field that the profile requires', async () => {
    const { member } = testApplication({ profile });
    await expect(member()).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('has any role of the policy, and no other', async () => {
    const { member } = testApplication({ roles: ['user', 'admin', 'moderator'] });
    expect((await member('Ada', { role: 'moderator' })).user.role).toBe('moderator');
    await expect(member('Bob', { role: 'owner' })).rejects.toThrow(new Error('The policy has no role "owner"'));
  });

  it('can be an admin', async () => {
    const { application, admin, member } = testApplication();
    const { id } = (await member()).user;
    expect(await application.getAnyUser.execute(await admin('Grace'), { id })).toMatchObject({ id });
  });

  it('is let in by a policy that lets no one register, and its test is not', async () => {
    const once = { byAddress: { attempts: 1, seconds: 60 } };
    const { application, member, session } = testApplication({
      registration: 'closed',
      emailVerification: 'required',
      limits: { register: once, login: once },
    });
    const events: string[] = [];
    application.events.on('*', ({ type }) => void events.push(type));
    const ada = await member('Ada');
    expect(ada.user.emailVerified).toBe(true);
    expect(events).toEqual(['user.registered', 'user.logged_in']);
    await application.getProfile.execute(await session(await member('Bob')));

    const input = { name: 'Eve', email: 'eve@example.com', password: 'secret123' };
    const attempt = application.register.execute(anyone, input);
    await expect(attempt).rejects.toMatchObject({ code: 'registration_closed' });
    const login = { email: ada.user.email, password: 'secret123' };
    await application.login.execute(anyone, login);
    await expect(application.login.execute(anyone, login)).rejects.toMatchObject({ code: 'rate_limited' });
  });
});

describe('The credentials of a member', () => {
  it('are those that a client would send', async () => {
    const { application, member, credentialsOf } = testApplication();
    const ada = await member('Ada', { password: 'analytical engine' });
    const credentials = credentialsOf(ada);
    expect(credentials).toMatchObject({ email: 'ada@example.com', password: 'analytical engine' });
    expect((await application.authenticate.execute(anyone, credentials)).sessionId).toBe(ada.sessionId);
    await application.refresh.execute(anyone, credentials);
    await application.login.execute(anyone, credentials);
  });

  it('are unknown for a copy of a member', async () => {
    const { member, credentialsOf } = testApplication();
    const copy = { ...(await member()) };
    expect(() => credentialsOf(copy)).toThrow(new Error('This member was created by other means'));
  });
});

describe('A further session', () => {
  it('is one of the same member, from another device', async () => {
    const { application, member, session, credentialsOf } = testApplication();
    const ada = await member('Ada');
    const abroad = await session(ada, { ip: '192.0.2.1', userAgent: 'Phone' });
    expect(abroad.user).toEqual(ada.user);
    expect(abroad.ip).toBe('192.0.2.1');
    expect(credentialsOf(abroad).accessToken).not.toBe(credentialsOf(ada).accessToken);
    expect((await application.listSessions.execute(ada)).items).toMatchObject([
      { id: abroad.sessionId, userAgent: 'Phone' },
      { id: ada.sessionId },
    ]);
  });

  it('takes a password that has changed since', async () => {
    const { application, member, session, credentialsOf } = testApplication();
    const ada = await member('Ada');
    const newPassword = 'newSecret456';
    await application.changePassword.execute(ada, { currentPassword: 'secret123', newPassword });
    await expect(session(ada)).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(credentialsOf(await session(ada, { password: newPassword })).password).toBe(newPassword);
  });
});
