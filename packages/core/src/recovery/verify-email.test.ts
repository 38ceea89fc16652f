import { describe, expect, it, vi } from 'vitest';
import { codeOf, emailOf, issuesOf, password, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';

/** Ada, logged in, who holds the link that confirms her address. */
async function withLink() {
  const story = scenario();
  const ada = await story.member('Ada');
  const token = await story.mailedToken(emailOf('Ada'), 'verify-email');
  const verify = (text: string) => story.application.verifyEmail.execute(anyone, { token: text });
  const account = () => story.ports.users.findById(ada.user.id);
  return { ...story, story, ada, token, verify, account };
}

type Story = Awaited<ReturnType<typeof withLink>>;

describe('VerifyEmail', () => {
  it('takes the address as proven, and changes nothing else', async () => {
    const { verify, token, ada, account, isOpen, login } = await withLink();
    expect(await verify(token)).toBeUndefined();
    expect(await account()).toStrictEqual({ ...ada.user, emailVerified: true });
    expect(await isOpen(ada)).toBe(true);
    expect(await login('Ada')).toMatchObject({ user: { emailVerified: true } });
  });

  it('succeeds again for a link that is opened twice, and records it once', async () => {
    const { verify, token, audited, account } = await withLink();
    await verify(token);
    const verified = await account();
    expect(await verify(token)).toBeUndefined();
    expect(await account()).toStrictEqual(verified);
    expect((await audited()).filter(({ type }) => type === 'user.email_verified')).toHaveLength(1);
  });

  it('records nothing when the account has left the address and returned to it as a confirmed one', async () => {
    const { application, ada, token, verify, mailedToken, story } = await withLink();
    for (const newEmail of ['ada@example.org', emailOf('Ada')]) {
      await application.changeEmail.execute(ada, { newEmail, currentPassword: password });
      await verify(await mailedToken(newEmail, 'change-email'));
    }
    const before = await story.audited();
    expect(await verify(token)).toBeUndefined();
    expect(await story.audited()).toEqual(before);
  });

  it('confirms the address once for twenty callers that open the link at once', async () => {
    const { verify, token, audited } = await withLink();
    await Promise.all(Array.from({ length: 20 }, () => verify(token)));
    expect((await audited()).filter(({ type }) => type === 'user.email_verified')).toHaveLength(1);
  });

  it('refuses a link that was used, once the account has another address or the address lost its proof', async () => {
    const [moved, corrected] = [await withLink(), await withLink()];
    for (const { verify, token } of [moved, corrected]) await verify(token);
    await moved.application.changeEmail.execute(moved.ada, { newEmail: 'ada@example.org', currentPassword: password });
    await moved.verify(await moved.mailedToken('ada@example.org', 'change-email'));
    expect(await codeOf(moved.verify(moved.token))).toBe('invalid_one_time_token');

    await corrected.ports.unitOfWork.run(({ users }) => users.update(corrected.ada.user.id, { emailVerified: false }));
    expect(await codeOf(corrected.verify(corrected.token))).toBe('invalid_one_time_token');
    expect(await corrected.account()).toMatchObject({ emailVerified: false });
  });

  it('leaves a link to reset the password as it is', async () => {
    const { application, verify, token, mailedToken } = await withLink();
    await application.forgotPassword.execute(anyone, { email: emailOf('Ada') });
    const link = await mailedToken(emailOf('Ada'), 'reset-password');
    await verify(token);
    const input = { token: link, newPassword: 'newSecret456' };
    expect(await application.resetPassword.execute(anyone, input)).toBeUndefined();
  });

  it('passes a fault of the store on', async () => {
    const { verify, token, faults, account } = await withLink();
    for (const fault of [new TypeError('row is not a function'), new SallyportError('unavailable')]) {
      faults.fail('unitOfWork.run', fault);
      await expect(verify(token)).rejects.toBe(fault);
    }
    expect(await account()).toMatchObject({ emailVerified: false });
  });
});

describe('A link that confirms an address', () => {
  it.each(['', ' ', 'A', 'A'.repeat(43), '\0', '\ud800', '__proto__', 'x'.repeat(1_000_000)])(
    'is not any string: %.20j',
    async (text) => {
      const { verify, account } = await withLink();
      expect(await codeOf(verify(text))).toBe('invalid_one_time_token');
      expect(await account()).toMatchObject({ emailVerified: false });
    },
  );

  it.each([[{}, 'Field required'] as const, [{ token: null }, 'Must be a string'] as const])(
    'is a string: not %o',
    async (input, message) => {
      const { application } = scenario();
      expect(await issuesOf(application.verifyEmail.execute(anyone, input as never))).toEqual({ token: message });
    },
  );

  it('holds for 48 hours, and not a moment longer', async () => {
    const [early, late] = [await withLink(), await withLink()];
    early.clock.advance(48 * 3600 - 0.001);
    expect(await early.verify(early.token)).toBeUndefined();
    expect(await early.verify(early.token)).toBeUndefined();
    early.clock.advance(0.001);
    expect(await codeOf(early.verify(early.token))).toBe('invalid_one_time_token');
    late.clock.advance(48 * 3600);
    expect(await codeOf(late.verify(late.token))).toBe('invalid_one_time_token');
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
      'while the account is out of use',
      ({ ports, ada }) => ports.unitOfWork.run(({ users }) => users.update(ada.user.id, { isActive: false })),
    ],
    ['once the account was put out of use', ({ application, ada }) => application.deactivate.execute(ada)],
    ['once the account is gone', ({ application, ada }) => application.deleteAccount.execute(ada)],
    [
      'once the password was changed',
      ({ application, ada }) =>
        application.changePassword.execute(ada, { currentPassword: password, newPassword: 'newSecret456' }),
    ],
  ])('is worth nothing %s', async (_, act) => {
    const story = await withLink();
    await act(story);
    expect(await codeOf(story.verify(story.token))).toBe('invalid_one_time_token');
    expect((await story.account())?.emailVerified ?? false).toBe(false);
  });
});

describe('A link whose account goes between two looks', () => {
  it('is worth nothing', async () => {
    const { verify, token, within } = await withLink();
    within(({ users }) => vi.spyOn(users, 'lockCredentials').mockResolvedValueOnce(undefined));
    expect(await codeOf(verify(token))).toBe('invalid_one_time_token');
  });
});

describe('ResendVerification', () => {
  it('mails another link, beside which the two before it stay valid', async () => {
    for (const [index, isValid] of [false, true, true, true].entries()) {
      const { application, ada, token, mailedToken, verify, account, clock } = await withLink();
      const tokens = [token];
      while (tokens.length < 4) {
        clock.advance(1);
        expect(await application.resendVerification.execute(ada)).toBeUndefined();
        tokens.push(await mailedToken(emailOf('Ada'), 'verify-email'));
      }
      await verify(tokens[index] ?? '').catch(() => {});
      expect(await account()).toMatchObject({ emailVerified: isValid });
    }
  });

  it('mails nothing to a confirmed address', async () => {
    const { application, token, verify, session, mailsTo, calls } = await withLink();
    await verify(token);
    const ada = await session('Ada');
    calls.length = 0;
    await application.resendVerification.execute(ada);
    expect(calls).toEqual(['sessions.findWithUser']);
    expect(await mailsTo(emailOf('Ada'))).toEqual(['verify-email']);
  });

  it('queues nothing when the address is confirmed between the check and the transaction', async () => {
    const { application, ada, token, verify, meanwhile, calls } = await withLink();
    calls.length = 0;
    meanwhile(() => verify(token));
    await application.resendVerification.execute(ada);
    expect(calls.filter((call) => call === 'transaction')).toHaveLength(2);
    expect(calls).not.toContain('outbox.append');
  });

  it('mails nothing to an address that is confirmed by the time of sending', async () => {
    const { application, ada, token, verify, mailsTo } = await withLink();
    await application.resendVerification.execute(ada);
    await verify(token);
    expect(await mailsTo(emailOf('Ada'))).toEqual(['verify-email']);
  });
});
