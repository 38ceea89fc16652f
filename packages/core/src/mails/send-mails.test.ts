import { describe, expect, it, vi } from 'vitest';
import { ada, mailing } from '../../test/mailing.ts';
import { codeOf, emailOf, password } from '../../test/scenario.ts';
import { anyone, type Member } from '../model/caller.ts';
import type { Email } from '../model/email.ts';
import type { Mail } from '../ports/mailer.ts';
import { createApplication } from '../application.ts';

/** A mailer that takes its time, until it is told how it went. */
function slowly({ ports }: Pick<Awaited<ReturnType<typeof mailing>>, 'ports'>) {
  const mails: Mail[] = [];
  const endings: { resolve: () => void; reject: (error: Error) => void }[] = [];
  vi.spyOn(ports.mailer, 'send').mockImplementation((mail) => {
    mails.push(mail);
    return new Promise<void>((resolve, reject) => void endings.push({ resolve, reject }));
  });
  const underWay = (count: number) => vi.waitFor(() => expect(mails).toHaveLength(count));
  return { mails, endings, underWay };
}

describe('SendMails', () => {
  it('sends what is queued, once, and says how many that were', async () => {
    const { send, sent } = await mailing();
    expect(await send()).toBe(1);
    expect(sent()).toMatchObject([{ kind: 'verify-email', to: ada }]);
    expect(await send()).toBe(0);
    expect(sent()).toHaveLength(1);
  });

  it('sends nothing of a transaction that was rolled back', async () => {
    const { register, send, sent } = await mailing();
    await send();
    expect(await codeOf(register('Ada'))).toBe('email_taken');
    expect(await send()).toBe(0);
    expect(sent()).toHaveLength(1);
  });

  it('makes a token as it sends, which counts from then on and is kept nowhere before', async () => {
    const { send, sent, clock, application, calls } = await mailing();
    expect(calls).not.toContain('secrets.oneTimeToken');
    clock.advance(10 * 24 * 3600);
    await send();
    const [mail] = sent();
    expect(mail?.expiresAt).toEqual(new Date(clock.now().getTime() + 48 * 3600 * 1000));
    expect(await application.verifyEmail.execute(anyone, { token: mail?.token ?? '' })).toBeUndefined();
  });

  it('takes five at a time, oldest first', async () => {
    const { send, sent, register, clock } = await mailing();
    for (let n = 0; n < 11; n += 1) {
      clock.advance(1);
      await register(`Reader${n}`);
    }
    expect([await send(), await send(), await send(), await send()]).toEqual([5, 5, 2, 0]);
    const numbers = sent().map(({ to }) => Number(/\d+/.exec(to) ?? -1));
    expect(numbers.slice(0, 5).toSorted((a, b) => a - b)).toEqual([-1, 0, 1, 2, 3]);
  });

  it.each<[string, (story: Awaited<ReturnType<typeof mailing>>) => Promise<unknown>]>([
    ['to an unknown address', ({ queue }) => queue({ email: emailOf('Nobody') as Email })],
    [
      'to an account that is out of use',
      async ({ queue, ports, user }) => {
        await ports.unitOfWork.run(({ users }) => users.update(user.id, { isActive: false }));
        await queue({});
        await queue({ userId: user.id });
      },
    ],
    [
      'to confirm what is confirmed',
      async ({ queue, ports, user }) => {
        await ports.unitOfWork.run(({ users }) => users.update(user.id, { emailVerified: true }));
        await queue({ kind: 'verify-email' });
      },
    ],
    ['about an account that is gone', ({ queue }) => queue({ userId: 99 })],
    [
      'to an address that an account has left',
      async ({ queue, ports, user }) => {
        await queue({});
        for (const kind of ['reset-password', 'verify-email', 'invitation'] as const) {
          await queue({ kind, userId: user.id });
        }
        await ports.unitOfWork.run(({ users }) =>
          users.changeCredentials(user.id, { email: 'ada@example.org' as Email }),
        );
      },
    ],
    ['to invite an account that has a password', ({ queue, user }) => queue({ kind: 'invitation', userId: user.id })],
  ])('sends nothing %s, and does not come back to it', async (_, act) => {
    const story = await mailing();
    await story.send();
    await act(story);
    story.calls.length = 0;
    expect(await story.send()).toBeGreaterThan(0);
    expect(story.sent()).toHaveLength(1);
    expect(story.calls).not.toContain('oneTimeTokens.append');
    story.clock.advance(24 * 3600);
    expect(await story.send()).toBe(0);
  });

  it('tells an address of a theft that its account has left since', async () => {
    const { queue, ports, user, send, sent } = await mailing();
    await queue({ kind: 'session-stolen', userId: user.id });
    await ports.unitOfWork.run(({ users }) => users.changeCredentials(user.id, { email: 'ada@example.org' as Email }));
    await send();
    expect(sent()).toMatchObject([{ kind: 'session-stolen', to: ada }]);
  });

  const newEmail = 'ada@example.org';
  it.each<[string, (story: Awaited<ReturnType<typeof mailing>>, member: Member) => Promise<unknown>]>([
    ['goes', ({ application }, member) => application.deleteAccount.execute(member)],
    ['is deactivated', ({ application }, member) => application.deactivate.execute(member)],
    [
      'changes the password, which cancels the link that a thief had asked for',
      ({ application }, member) =>
        application.changePassword.execute(member, { currentPassword: password, newPassword: 'newSecret456' }),
    ],
  ])('makes no token for a user who %s once the mail is claimed', async (_, act) => {
    const story = await mailing();
    const { application, send, sent, ports, clock } = story;
    const member = await story.session('Ada');
    await send();
    await application.changeEmail.execute(member, { newEmail, currentPassword: password });
    const { oneTimeToken } = ports.secrets;
    vi.spyOn(ports.secrets, 'oneTimeToken').mockImplementationOnce(() => {
      story.meanwhile(() => act(story, member));
      return oneTimeToken.call(ports.secrets);
    });
    await send();
    clock.advance(3600);
    await send();
    expect(await send()).toBe(0);
    expect(sent().filter(({ to }) => to === newEmail)).toEqual([]);
  });

  it('passes on that the store is unavailable', async () => {
    const { send, faults } = await mailing();
    faults.fail('unitOfWork.run');
    await expect(send()).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('The lease of a mail', () => {
  it('keeps two workers from sending it at once', async () => {
    const story = await mailing();
    const { mails, endings, underWay } = slowly(story);
    const first = story.send();
    await underWay(1);
    story.clock.advance(59.999);
    expect(await story.send()).toBe(0);
    endings[0]?.resolve();
    expect(await first).toBe(1);
    story.clock.advance(3600);
    expect(await story.send()).toBe(0);
    expect(mails).toHaveLength(1);
  });

  it('gives each mail to one of twenty workers', async () => {
    const { send, sent, register, ports } = await mailing();
    for (let n = 0; n < 9; n += 1) await register(`Reader${n}`);
    const workers = Array.from({ length: 20 }, () => createApplication(ports));
    const taken = await Promise.all([
      ...workers.map(({ application, system }) => application.sendMails.execute(system)),
      send(),
    ]);
    expect(taken.reduce((sum, count) => sum + count)).toBe(10);
    expect(new Set(sent().map(({ to }) => to)).size).toBe(10);
    expect(sent()).toHaveLength(10);
  });

  it('ends after a minute, so that another worker takes over from one that died', async () => {
    const story = await mailing();
    const { mails, endings, underWay } = slowly(story);
    void story.send();
    await underWay(1);
    story.clock.advance(60);
    const second = story.send();
    await underWay(2);
    endings[1]?.resolve();
    expect(await second).toBe(1);
    story.clock.advance(3600);
    expect(await story.send()).toBe(0);
    expect(mails[1]?.id).toBe(mails[0]?.id);
    expect(mails[1]?.token).not.toBe(mails[0]?.token);
  });

  it('is too short to send after a halt in which another worker took over', async () => {
    const { send, queue, ports, clock, sent, user } = await mailing();
    await send();
    await queue({ kind: 'session-stolen', userId: user.id });
    const findById = ports.users.findById.bind(ports.users);
    vi.spyOn(ports.users, 'findById').mockImplementationOnce(async (id) => {
      clock.advance(60);
      expect(await send()).toBe(1);
      return findById(id);
    });
    expect(await send()).toBe(1);
    expect(sent().filter(({ kind }) => kind === 'session-stolen')).toHaveLength(1);
    clock.advance(3600);
    expect(await send()).toBe(0);
  });

  it('holds no transaction while the mail is on its way', async () => {
    const story = await mailing();
    const { endings, underWay } = slowly(story);
    const sending = story.send();
    await underWay(1);
    expect(await story.login('Ada', password)).toHaveProperty('accessToken');
    endings[0]?.resolve();
    await sending;
  });
});
