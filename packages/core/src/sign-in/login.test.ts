import { describe, expect, it, vi } from 'vitest';
import { codeOf, emailOf, generousLimits, issuesOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';

async function storedHash({ ports }: ReturnType<typeof scenario>, name: string) {
  return (await ports.users.findCredentials({ email: emailOf(name) as never }))?.passwordHash;
}

/** Ada, whose hash is one of a time when they were weaker. */
async function withWeakHash() {
  const story = scenario();
  await story.register('Ada');
  const weak = await storedHash(story, 'Ada');
  vi.spyOn(story.ports.hasher, 'needsRehash').mockImplementation((hash) => hash === weak);
  return { ...story, weak, hashNow: () => storedHash(story, 'Ada') };
}

describe('Login', () => {
  it('hands out a bearer token, its lifetime and the account', async () => {
    const { register, login } = scenario();
    const user = await register('Ada');
    expect(await login('Ada')).toStrictEqual({
      accessToken: expect.any(String) as string,
      tokenType: 'bearer',
      expiresIn: 1800,
      refreshToken: expect.any(String) as string,
      user,
    });
  });

  it('knows the address in any case, between spaces', async () => {
    const { application, register } = scenario();
    await register('Ada');
    const input = { email: '  ADA@Example.com\n', password };
    expect(await application.login.execute(anyone, input)).toMatchObject({ user: { id: 1 } });
  });

  it('opens one more session each time', async () => {
    const { member, session, isOpen } = scenario();
    const [laptop, phone] = [await member('Ada'), await session('Ada')];
    expect(laptop.sessionId).not.toBe(phone.sessionId);
    expect([await isOpen(laptop), await isOpen(phone)]).toEqual([true, true]);
  });

  it('does not lengthen the account’s view by fields that were sent along', async () => {
    const { application, register } = scenario();
    const user = await register('Ada');
    const input = { email: emailOf('Ada'), password, role: 'admin', userId: 7, sessionId: 'mine', expiresIn: 1e9 };
    expect(await application.login.execute(anyone, input)).toMatchObject({ expiresIn: 1800, user });
  });

  it.each([
    [{ email: 'ada', password }, { email: 'Must be an e-mail address' }],
    [{ email: [emailOf('Ada')], password }, { email: 'Must be a string' }],
    [{ email: emailOf('Ada') }, { password: 'Field required' }],
    [{ email: emailOf('Ada'), password: { $ne: '' } }, { password: 'Must be a string' }],
    [{ email: emailOf('Ada'), password: 'secret\0' }, { password: 'Must be well-formed Unicode without NUL' }],
  ])('refuses %o', async (input, issues) => {
    const { application } = scenario();
    expect(await issuesOf(application.login.execute(anyone, input as never))).toEqual(issues);
  });
});

describe('Login is no oracle: it', () => {
  async function withInactive() {
    const story = scenario();
    await story.register('Ada');
    await story.application.deactivate.execute(await story.member('Bob'));
    return story;
  }

  it('answers alike for an unknown address, a wrong password and an inactive account', async () => {
    const { login } = await withInactive();
    for (const name of ['Nobody', 'Ada', 'Bob'])
      expect(await codeOf(login(name, 'wrong-1'))).toBe('invalid_credentials');
  });

  it('does the same work for an unknown address, a wrong password and an inactive account (CVE-2025-22234, CVE-2024-39329)', async () => {
    const { login, calls } = await withInactive();
    for (const name of ['Nobody', 'Ada', 'Bob']) {
      calls.length = 0;
      await codeOf(login(name, 'wrong-1'));
      expect(calls).toEqual(['users.findCredentials', 'hasher.verify', 'transaction', 'audit.append']);
    }
  });

  it('queues no mail that would tell', async () => {
    const { login, ports, deliver } = await withInactive();
    await deliver();
    const sent = ports.mailer.mails.length;
    for (const name of ['Nobody', 'Ada', 'Bob']) await codeOf(login(name, 'wrong-1'));
    await deliver();
    expect(ports.mailer.mails).toHaveLength(sent);
  });

  it('tells that an account is deactivated to those alone who know its password', async () => {
    const { login } = await withInactive();
    expect(await codeOf(login('Bob', 'wrong-1'))).toBe('invalid_credentials');
    expect(await codeOf(login('Bob'))).toBe('account_deactivated');
  });

  it('keeps password and hash out of its answers', async () => {
    const story = await withInactive();
    const answers = await Promise.allSettled([story.login('Ada'), story.login('Ada', 'wrong-1'), story.login('Bob')]);
    const said = answers.map((it) =>
      JSON.stringify(it.status === 'fulfilled' ? it.value : [it.reason, `${it.reason}`]),
    );
    for (const secret of [password, 'wrong-1', 'plain:']) expect(said.join()).not.toContain(secret);
  });
});

describe('The session that Login opens', () => {
  async function sessionOf(ip: string | undefined, userAgent: string | undefined) {
    const { application, register, login, ports } = scenario();
    await register('Ada');
    const { accessToken } = await login('Ada', password, { ip, userAgent });
    const { sessionId } = await application.authenticate.execute(anyone, { accessToken });
    return (await ports.sessions.findWithUser(sessionId))?.session;
  }

  it('remembers address and user agent', async () => {
    expect(await sessionOf('::1', 'Lynx/2.8')).toMatchObject({ ip: '::1', userAgent: 'Lynx/2.8' });
  });

  it('remembers neither where neither is known', async () => {
    const session = await sessionOf(undefined, undefined);
    expect([session?.ip, session?.userAgent]).toEqual([undefined, undefined]);
  });

  it('cuts what a client says of itself', async () => {
    const session = await sessionOf('f'.repeat(46), 'x'.repeat(10_000));
    expect([session?.ip?.length, session?.userAgent?.length]).toEqual([45, 512]);
  });
});

describe('What the audit says of Login', () => {
  const phone = { ip: '203.0.113.7', userAgent: 'Phone/1' };
  const laptop = { ip: '203.0.113.8', userAgent: 'Laptop/1' };

  it('records that a login failed, and the account if it is known', async () => {
    const { register, login, audited, clock } = scenario();
    const { id } = await register('Ada');
    await codeOf(login('Ada', 'wrong-1', phone));
    await codeOf(login('Nobody', 'wrong-1', laptop));
    const failed = { type: 'user.login_failed', at: clock.now(), actorId: undefined, detail: {} };
    expect((await audited()).slice(1)).toEqual([
      { ...failed, id: expect.any(Number) as number, subjectId: id, ...phone },
      { ...failed, id: expect.any(Number) as number, subjectId: undefined, ...laptop },
    ]);
  });

  it('is whether the device is a new one', async () => {
    const { application, register, login, audited, clock } = scenario();
    await register('Ada');
    await register('Bob');
    const { accessToken } = await login('Ada', password, phone);
    await login('Ada', password, laptop);
    await application.logout.execute(await application.authenticate.execute(anyone, { accessToken }));
    clock.advance(60);
    await login('Ada', password, { ...phone, ip: '198.51.100.1' });
    await login('Bob', password, phone);
    const logins = (await audited()).filter(({ type }) => type === 'user.logged_in');
    expect(logins.map(({ detail }) => detail['newDevice'])).toEqual([true, true, false, true]);
  });

  it('is that the device is new each time, where it does not say what it is', async () => {
    const { register, login, audited } = scenario();
    await register('Ada');
    await login('Ada');
    await login('Ada');
    const logins = (await audited()).filter(({ type }) => type === 'user.logged_in');
    expect(logins.map(({ detail }) => detail)).toEqual([{ newDevice: true }, { newDevice: true }]);
  });

  it('is nothing of a login that another one overtook', async () => {
    const { application, session, login, meanwhile, audited } = await withWeakHash();
    const ada = await session('Ada');
    meanwhile(() =>
      application.changePassword.execute(ada, { currentPassword: password, newPassword: 'newSecret456' }),
    );
    await codeOf(login('Ada'));
    const types = (await audited()).map(({ type }) => type);
    expect(types).toEqual(['user.registered', 'user.logged_in', 'user.password_changed', 'user.login_failed']);
  });
});

describe('Login after a failed one: it', () => {
  async function withFailure() {
    const story = scenario({ limits: generousLimits });
    await story.register('Ada');
    await codeOf(story.login('Ada', 'wrong-1'));
    return story;
  }

  it('succeeds although the limiter has become unavailable, since the session is stored', async () => {
    const { login, faults } = await withFailure();
    faults.fail('rateLimiter.forget');
    expect(await login('Ada')).toHaveProperty('accessToken');
  });

  it('hides no other failure of the limiter', async () => {
    const { login, faults } = await withFailure();
    faults.fail('rateLimiter.forget', new Error('This is a bug'));
    await expect(login('Ada')).rejects.toThrow('This is a bug');
  });
});

describe('Login and a weak hash: it', () => {
  it('makes a stronger one of the same password, once', async () => {
    const { login, hashNow, weak, ports } = await withWeakHash();
    const hash = vi.spyOn(ports.hasher, 'hash');
    await login('Ada');
    const strong = await hashNow();
    expect(strong).not.toBe(weak);
    await login('Ada');
    expect(await hashNow()).toBe(strong);
    expect(hash).toHaveBeenCalledTimes(1);
  });

  it('leaves it to those who do not know the password', async () => {
    const { login, hashNow, weak } = await withWeakHash();
    await codeOf(login('Ada', 'wrong-1'));
    expect(await hashNow()).toBe(weak);
  });

  it('lets twenty in who come at once', async () => {
    const { login } = await withWeakHash();
    const answers = await Promise.all(Array.from({ length: 20 }, () => login('Ada')));
    expect(new Set(answers.map(({ accessToken }) => accessToken)).size).toBe(20);
  });

  it('never puts back a password that was changed meanwhile', async () => {
    const { application, session, login, meanwhile, hashNow } = await withWeakHash();
    const ada = await session('Ada');
    const changes = { currentPassword: password, newPassword: 'newSecret456' };
    meanwhile(() => application.changePassword.execute(ada, changes));
    expect(await codeOf(login('Ada'))).toBe('invalid_credentials');
    expect(await hashNow()).toContain('newSecret456');
  });
});
