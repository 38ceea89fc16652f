import { describe, expect, it } from 'vitest';
import { codeOf, emailOf, issuesOf, scenario } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';

/** Ada, who is verified, Bob, who is not, and Carl, whose account is out of use. */
async function withThree() {
  const story = scenario();
  const { application, register, member, mailedToken, deliver, ports } = story;
  await register('Ada');
  await application.verifyEmail.execute(anyone, { token: await mailedToken(emailOf('Ada'), 'verify-email') });
  await register('Bob');
  await application.deactivate.execute(await member('Carl'));
  await deliver();
  const sent = ports.mailer.mails.length;
  const forgot = (email: string) => application.forgotPassword.execute(anyone, { email });
  const mails = async () => {
    await deliver();
    return ports.mailer.mails.slice(sent);
  };
  return { ...story, forgot, mails };
}

describe('ForgotPassword', () => {
  it('mails a member a link, with a token that is valid for half an hour', async () => {
    const { forgot, mails, clock } = await withThree();
    await forgot(emailOf('Ada'));
    expect(await mails()).toEqual([
      {
        id: expect.any(String) as string,
        kind: 'reset-password',
        to: emailOf('Ada'),
        name: 'Ada',
        locale: 'en',
        words: expect.objectContaining({ subject: 'Choose a new password' }) as object,
        token: expect.any(String) as string,
        expiresAt: new Date(clock.now().getTime() + 30 * 60 * 1000),
      },
    ]);
  });

  it('knows the address in any case, and mails the one that the account has', async () => {
    const { forgot, mails } = await withThree();
    await forgot('  BOB@Example.com\n');
    expect(await mails()).toMatchObject([{ to: emailOf('Bob') }]);
  });

  it('mails nothing to an unknown address or a deactivated account', async () => {
    const { forgot, mails } = await withThree();
    await forgot(emailOf('Carl'));
    await forgot(emailOf('Nobody'));
    expect(await mails()).toEqual([]);
  });

  it('changes nothing: no session ends, and the password holds', async () => {
    const { forgot, mails, session, isOpen, login } = await withThree();
    const ada = await session('Ada');
    await forgot(emailOf('Ada'));
    await mails();
    expect(await isOpen(ada)).toBe(true);
    expect(await login('Ada')).toHaveProperty('accessToken');
  });

  it.each([
    ['ada', 'Must be an e-mail address'],
    ['', 'Must be an e-mail address'],
    [undefined, 'Field required'],
    [['ada@example.com'], 'Must be a string'],
    ['a\0da@example.com', 'Must be an e-mail address'],
  ])('refuses %o as an address', async (email, message) => {
    const { application } = scenario();
    expect(await issuesOf(application.forgotPassword.execute(anyone, { email } as never))).toEqual({ email: message });
  });
});

describe('ForgotPassword is no oracle: it', () => {
  const names = ['Ada', 'Bob', 'Carl', 'Nobody'];

  it('answers the same for every address', async () => {
    const { forgot } = await withThree();
    for (const name of names) {
      expect(await forgot(emailOf(name))).toStrictEqual({
        message: 'If that email exists, a reset link has been sent',
      });
    }
  });

  it('does the same work for every address', async () => {
    const { forgot, calls } = await withThree();
    for (const name of names) {
      calls.length = 0;
      await forgot(emailOf(name));
      expect(calls).toEqual(['transaction', 'outbox.append']);
    }
  });

  it('queues the same for every address', async () => {
    const { forgot, ports, clock } = await withThree();
    for (const name of names) await forgot(emailOf(name));
    const lease = { at: clock.now(), until: clock.now(), limit: 10 };
    const queued = await ports.unitOfWork.run(({ outbox }) => outbox.claim(lease));
    expect(queued.map(({ id: _, ...mail }) => mail)).toEqual(
      names.map((name) => ({
        kind: 'reset-password',
        email: emailOf(name),
        queuedAt: clock.now(),
        network: '',
        attempts: 1,
        counted: false,
      })),
    );
  });
});

describe('SendPasswordReset', () => {
  it('mails a user a link, for an admin', async () => {
    const { application, admin, mails, audited, ports } = await withThree();
    const grace = await admin('Grace');
    const bob = await ports.users.findCredentials({ email: emailOf('Bob') as never });
    const id = bob!.user.id;
    expect(await application.sendPasswordReset.execute(grace, { id })).toBeUndefined();
    expect(await mails()).toContainEqual(expect.objectContaining({ to: emailOf('Bob'), kind: 'reset-password' }));
    const requested = { type: 'user.password_reset_requested', actorId: grace.user.id, subjectId: id };
    expect((await audited()).at(-1)).toMatchObject(requested);
  });

  it('finds no user under an unknown id', async () => {
    const { application, admin } = scenario();
    const answer = application.sendPasswordReset.execute(await admin('Grace'), { id: 99 });
    expect(await codeOf(answer)).toBe('user_not_found');
  });
});
