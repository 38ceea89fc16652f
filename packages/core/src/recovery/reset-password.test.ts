import { describe, expect, it, vi } from 'vitest';
import { codeOf, emailOf, generousLimits, issuesOf, password, scenario } from '../../test/scenario.ts';
import { guessedFrom } from '../limits/guessing.ts';
import { anyone } from '../model/caller.ts';
import type { PolicyOptions } from '../model/policy.ts';

const newPassword = 'newSecret456';

/** Ada, logged in, who holds a link by which to reset her password. */
async function withLink(policy: PolicyOptions = {}) {
  const story = scenario(policy);
  const { application, member, mailedToken } = story;
  const ada = await member('Ada');
  const forgot = async () => {
    await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
    return mailedToken(emailOf('Ada'), 'reset-password');
  };
  const reset = (token: string, chosen = newPassword) =>
    application.resetPassword.execute(anyone, { token, newPassword: chosen });
  return { ...story, ada, forgot, reset, token: await forgot() };
}

type Story = Awaited<ReturnType<typeof withLink>>;

describe('ResetPassword', () => {
  it('replaces the password', async () => {
    const { reset, token, login } = await withLink();
    expect(await reset(token)).toBeUndefined();
    expect(await codeOf(login('Ada'))).toBe('invalid_credentials');
    expect(await login('Ada', newPassword)).toHaveProperty('accessToken');
  });

  it('ends every session of the user, and no session of others', async () => {
    const { reset, token, ada, session, member, isOpen } = await withLink();
    const [phone, bob] = [await session('Ada'), await member('Bob')];
    await reset(token);
    expect(await Promise.all([ada, phone, bob].map(isOpen))).toEqual([false, false, true]);
  });

  it('takes the address as proven, for the link was mailed there', async () => {
    const { reset, token, ada, ports } = await withLink();
    expect(ada.user.emailVerified).toBe(false);
    await reset(token);
    expect(await ports.users.findById(ada.user.id)).toStrictEqual({ ...ada.user, emailVerified: true });
  });

  it('uses the token up', async () => {
    const { reset, token, login } = await withLink();
    await reset(token);
    expect(await codeOf(reset(token, 'another789'))).toBe('invalid_one_time_token');
    expect(await login('Ada', newPassword)).toHaveProperty('accessToken');
  });

  it('ends every other link of the user as well', async () => {
    const { application, reset, token, ada, mailedToken } = await withLink();
    const input = { newEmail: 'ada@example.org', currentPassword: password };
    await application.changeEmail.execute(ada, input);
    const links = [
      await mailedToken(emailOf('Ada'), 'verify-email'),
      await mailedToken('ada@example.org', 'change-email'),
    ];
    await reset(token);
    for (const link of links) {
      expect(await codeOf(application.verifyEmail.execute(anyone, { token: link }))).toBe('invalid_one_time_token');
    }
  });

  it('has one winner of twenty who use the link at once', async () => {
    const { reset, token, login } = await withLink();
    const chosen = Array.from({ length: 20 }, (_, n) => `newSecret${n}`);
    const answers = await Promise.allSettled(chosen.map((text) => reset(token, text)));
    const winners = chosen.filter((_, n) => answers[n]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await login('Ada', winners[0])).toHaveProperty('accessToken');
    const losers = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    for (const reason of losers) expect(reason).toMatchObject({ code: 'invalid_one_time_token' });
  });

  it('clears the failed logins of the account', async () => {
    const { application, ports, token, login } = await withLink({ limits: generousLimits });
    for (let times = 0; times < guessedFrom; times += 1) await codeOf(login('Ada', 'wrong-1', { ip: '192.0.2.1' }));
    const forget = vi.spyOn(ports.rateLimiter, 'forget');
    await application.resetPassword.execute(anyone, { token, newPassword });
    expect(forget).toHaveBeenCalledTimes(1);
    expect(await login('Ada', newPassword, { ip: '192.0.2.2' })).toHaveProperty('accessToken');
    expect(await codeOf(login('Ada', 'wrong-1', { ip: '192.0.2.3' }))).toBe('invalid_credentials');
  });

  it('succeeds although the limiter has become unavailable, since the password is stored', async () => {
    const { reset, token, login, faults } = await withLink({ limits: generousLimits });
    faults.fail('rateLimiter.forget');
    await reset(token);
    expect(await login('Ada', newPassword)).toHaveProperty('accessToken');
  });

  it('tells who was reset', async () => {
    const { application, token, ada, audited, clock } = await withLink();
    const caller = { ip: '203.0.113.7', userAgent: 'Lynx/2.8' };
    await application.resetPassword.execute(caller, { token, newPassword });
    const reset = { type: 'user.password_reset', at: clock.now(), actorId: undefined, subjectId: ada.user.id };
    expect((await audited()).at(-1)).toMatchObject({ ...reset, ...caller });
  });

  it('tells once that the address was verified', async () => {
    const { reset, forgot, token, ada, audited } = await withLink();
    const verified = async () => (await audited()).filter(({ type }) => type === 'user.email_verified');
    await reset(token);
    expect(await verified()).toMatchObject([{ subjectId: ada.user.id }]);
    await reset(await forgot(), 'another789');
    expect(await verified()).toHaveLength(1);
  });

  it('hashes nothing for a token that is none', async () => {
    const { reset, ports } = await withLink();
    const hash = vi.spyOn(ports.hasher, 'hash');
    await codeOf(reset('none'));
    expect(hash).not.toHaveBeenCalled();
  });
});

describe('A link to reset a password', () => {
  it.each(['', ' ', 'A', 'A'.repeat(43), '\0', '\ud800', "' or 1=1 --", '__proto__', 'x'.repeat(1_000_000)])(
    'is not any string: %.20j',
    async (text) => {
      const { reset, login } = await withLink();
      expect(await codeOf(reset(text))).toBe('invalid_one_time_token');
      expect(await login('Ada')).toHaveProperty('accessToken');
    },
  );

  it('is not a part of its token, nor its token with something behind it, nor its digest', async () => {
    const { reset, token, ports } = await withLink();
    const near = [
      token.slice(0, -1),
      token.slice(1),
      `${token} `,
      `${token}=`,
      ` ${token}`,
      ports.secrets.digest(token),
    ];
    for (const text of near) expect(await codeOf(reset(text))).toBe('invalid_one_time_token');
    expect(await reset(token)).toBeUndefined();
  });

  it.each([
    [{ newPassword }, { token: 'Field required' }],
    [{ token: null, newPassword }, { token: 'Must be a string' }],
    [{ token: ['a'], newPassword }, { token: 'Must be a string' }],
  ])('is a string: not %o', async (input, issues) => {
    const { application } = scenario();
    expect(await issuesOf(application.resetPassword.execute(anyone, input as never))).toEqual(issues);
  });

  it('holds for half an hour, and not a moment longer', async () => {
    const [early, late] = [await withLink(), await withLink()];
    early.clock.advance(30 * 60 - 0.001);
    expect(await early.reset(early.token)).toBeUndefined();
    late.clock.advance(30 * 60);
    expect(await codeOf(late.reset(late.token))).toBe('invalid_one_time_token');
  });

  it('holds as long as the policy says', async () => {
    const { reset, token, clock } = await withLink({ passwordResetLifetime: 10 });
    clock.advance(10);
    expect(await codeOf(reset(token))).toBe('invalid_one_time_token');
  });

  it('is valid beside the two before it, until one of the three is used', async () => {
    for (const used of [1, 2, 3]) {
      const { reset, token, forgot, clock } = await withLink();
      const tokens = [token];
      while (tokens.length < 4) {
        clock.advance(1);
        tokens.push(await forgot());
      }
      expect(await codeOf(reset(tokens[0] ?? ''))).toBe('invalid_one_time_token');
      expect(await reset(tokens[used] ?? '')).toBeUndefined();
      for (const other of tokens) expect(await codeOf(reset(other))).toBe('invalid_one_time_token');
    }
  });

  it('serves no other purpose, and no other link serves this one', async () => {
    const { application, reset, token, ada, mailedToken } = await withLink();
    expect(await codeOf(application.verifyEmail.execute(anyone, { token }))).toBe('invalid_one_time_token');

    await application.changeEmail.execute(ada, { newEmail: 'ada@example.org', currentPassword: password });
    const links = [
      await mailedToken(emailOf('Ada'), 'verify-email'),
      await mailedToken('ada@example.org', 'change-email'),
    ];
    for (const link of links) expect(await codeOf(reset(link))).toBe('invalid_one_time_token');
    expect(await reset(token)).toBeUndefined();
  });

  it.each<[string, (story: Story) => Promise<unknown>]>([
    [
      'once the address has changed',
      ({ ports, ada }) =>
        ports.unitOfWork.run(({ users }) =>
          users.changeCredentials(ada.user.id, { email: 'ada@example.org' as never }),
        ),
    ],
    [
      'once the password was changed',
      ({ application, ada }) => application.changePassword.execute(ada, { currentPassword: password, newPassword }),
    ],
    ['once the account is out of use', ({ application, ada }) => application.deactivate.execute(ada)],
    [
      'once the account is out of use, even where it stayed behind',
      ({ ports, ada }) => ports.unitOfWork.run(({ users }) => users.update(ada.user.id, { isActive: false })),
    ],
    [
      'once the account was out of use for a while',
      async ({ application, ada, admin }) => {
        await application.deactivate.execute(ada);
        await application.activateUser.execute(await admin('Grace'), { id: ada.user.id });
      },
    ],
    ['once the account is gone', ({ application, ada }) => application.deleteAccount.execute(ada)],
  ])('is worth nothing %s, whether that was before or meanwhile', async (_, act) => {
    const before = await withLink();
    await act(before);
    expect(await codeOf(before.reset(before.token))).toBe('invalid_one_time_token');

    const during = await withLink();
    during.meanwhile(() => act(during));
    expect(await codeOf(during.reset(during.token, 'another789'))).toBe('invalid_one_time_token');
    expect(await codeOf(during.login('Ada', 'another789'))).not.toBe('unavailable');
    for (const { audited } of [before, during]) {
      expect((await audited()).map(({ type }) => type)).not.toContain('user.password_reset');
    }
  });

  it('is worth nothing where its account goes between two looks', async () => {
    const { reset, token, within } = await withLink();
    within(({ users }) => vi.spyOn(users, 'lockCredentials').mockResolvedValueOnce(undefined));
    expect(await codeOf(reset(token))).toBe('invalid_one_time_token');
  });

  it.each([
    ['12345678', 'Password cannot be only numbers'],
    ['abcdefgh', 'Password must include at least one number'],
    ['short1', 'Must be at least 8 characters'],
    ['PASSWORD1', 'Password is among the most common ones'],
    ['ADA@example.com', 'Password cannot be the e-mail address'],
  ])('survives that %j is refused as a password', async (refused, message) => {
    const { reset, token, ada, isOpen } = await withLink();
    expect(await issuesOf(reset(token, refused))).toEqual({ newPassword: message });
    expect(await isOpen(ada)).toBe(true);
    expect(await reset(token)).toBeUndefined();
  });

  it('survives that the hasher has too much to do', async () => {
    const { reset, token, faults } = await withLink();
    faults.fail('hasher.hash');
    expect(await codeOf(reset(token))).toBe('unavailable');
    expect(await reset(token)).toBeUndefined();
  });
});
