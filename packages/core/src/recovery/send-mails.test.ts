import { describe, expect, it, vi } from 'vitest';
import { codeOf, emailOf, password, scenario } from '../../test/scenario.ts';
import { anyone, type Member } from '../caller.ts';
import type { Email } from '../identity/email.ts';
import type { Mail } from '../ports/mailer.ts';
import type { QueuedMail } from '../ports/outbox.ts';
import { SendMails } from './send-mails.ts';
import { defaultPolicy } from '../policy.ts';

const ada = emailOf('Ada') as Email;

/** Ada, who is registered, and what becomes of her mails. */
async function withAda() {
  const story = scenario();
  const { application, ports, clock } = story;
  const user = await story.register('Ada');
  const send = () => application.sendMails.execute(anyone);
  const queue = (mail: Partial<QueuedMail>) =>
    ports.unitOfWork.run(({ outbox }) =>
      outbox.append({ kind: 'reset-password', email: ada, queuedAt: clock.now(), ...mail }),
    );
  const failing = (error: unknown = new Error('450 Try again later')) =>
    vi.spyOn(ports.mailer, 'send').mockRejectedValue(error);
  const sent = () => ports.mailer.mails;
  return { ...story, user, send, queue, failing, sent };
}

/** A mailer that takes its time, until it is told how it went. */
function slowly({ ports }: Pick<Awaited<ReturnType<typeof withAda>>, 'ports'>) {
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
    const { send, sent } = await withAda();
    expect(await send()).toBe(1);
    expect(sent()).toMatchObject([{ kind: 'verify-email', to: ada, name: 'Ada' }]);
    expect(await send()).toBe(0);
    expect(sent()).toHaveLength(1);
  });

  it('sends nothing of a transaction that was rolled back', async () => {
    const { register, send, sent } = await withAda();
    await send();
    expect(await codeOf(register('Ada'))).toBe('email_taken');
    expect(await send()).toBe(0);
    expect(sent()).toHaveLength(1);
  });

  it('makes a token as it sends, which counts from then on and is kept nowhere before', async () => {
    const { send, sent, clock, application, calls } = await withAda();
    expect(calls).not.toContain('secrets.oneTimeToken');
    clock.advance(10 * 24 * 3600);
    await send();
    const [mail] = sent();
    expect(mail?.expiresAt).toEqual(new Date(clock.now().getTime() + 48 * 3600 * 1000));
    expect(await application.verifyEmail.execute(anyone, { token: mail?.token ?? '' })).toBeUndefined();
  });

  it('takes ten at a time, oldest first', async () => {
    const { send, sent, register, clock } = await withAda();
    for (let n = 0; n < 24; n += 1) {
      clock.advance(1);
      await register(`Reader${n}`);
    }
    expect([await send(), await send(), await send(), await send()]).toEqual([10, 10, 5, 0]);
    const numbers = sent().map(({ to }) => Number(/\d+/.exec(to) ?? -1));
    expect(numbers.slice(0, 10).toSorted((a, b) => a - b)).toEqual([-1, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each<[string, (story: Awaited<ReturnType<typeof withAda>>) => Promise<unknown>]>([
    ['to an address that nobody has', ({ queue }) => queue({ email: emailOf('Nobody') as Email })],
    [
      'to an account that is out of use',
      async ({ queue, ports, user }) => {
        await ports.unitOfWork.run(({ users }) => users.update(user.id, { isActive: false }));
        await queue({});
        await queue({ kind: 'session-stolen', userId: user.id });
      },
    ],
    [
      'to confirm what is confirmed',
      async ({ queue, ports, user }) => {
        await ports.unitOfWork.run(({ users }) => users.update(user.id, { emailVerified: true }));
        await queue({ kind: 'verify-email' });
      },
    ],
    ['about an account that is gone', ({ queue }) => queue({ kind: 'session-stolen', userId: 99 })],
    [
      'to an address that an account has left',
      async ({ queue, ports, user }) => {
        await queue({});
        await ports.unitOfWork.run(({ users }) => users.update(user.id, { email: 'ada@example.org' as Email }));
      },
    ],
  ])('sends nothing %s, and does not come back to it', async (_, act) => {
    const story = await withAda();
    await story.send();
    await act(story);
    story.calls.length = 0;
    expect(await story.send()).toBeGreaterThan(0);
    expect(story.sent()).toHaveLength(1);
    expect(story.calls).not.toContain('oneTimeTokens.replace');
    story.clock.advance(24 * 3600);
    expect(await story.send()).toBe(0);
  });

  it('tells an address of a theft that its account has left since', async () => {
    const { queue, ports, user, send, sent } = await withAda();
    await queue({ kind: 'session-stolen', userId: user.id });
    await ports.unitOfWork.run(({ users }) => users.update(user.id, { email: 'ada@example.org' as Email }));
    await send();
    expect(sent()).toMatchObject([{ kind: 'session-stolen', to: ada }]);
  });

  const newEmail = 'ada@example.org';
  it.each<[string, (story: Awaited<ReturnType<typeof withAda>>, member: Member) => Promise<unknown>]>([
    ['goes', ({ application }, member) => application.deleteAccount.execute(member)],
    ['is deactivated', ({ application }, member) => application.deactivate.execute(member)],
    [
      'changes the password, which cancels the link that a thief had asked for',
      ({ application }, member) =>
        application.changePassword.execute(member, { currentPassword: password, newPassword: 'newSecret456' }),
    ],
  ])('makes no token for a user who %s once the mail is claimed', async (_, act) => {
    const story = await withAda();
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
    expect(await send()).toBe(0);
    expect(sent().filter(({ to }) => to === newEmail)).toEqual([]);
  });

  it('passes on that the store is unavailable', async () => {
    const { send, ports } = await withAda();
    vi.spyOn(ports.unitOfWork, 'run').mockRejectedValueOnce(new Error('no connection'));
    await expect(send()).rejects.toThrow('no connection');
  });
});

describe('A mail that could not be sent', () => {
  it('is tried again after a pause that doubles, up to an hour', async () => {
    const { send, failing, clock } = await withAda();
    const attempts = failing();
    await send();
    for (const [n, pause] of [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600].entries()) {
      expect(attempts).toHaveBeenCalledTimes(n + 1);
      clock.advance(pause - 0.001);
      expect(await send()).toBe(0);
      clock.advance(0.001);
      expect(await send()).toBe(1);
    }
  });

  it('keeps its id over all attempts, and is another mail for no other', async () => {
    const { send, failing, clock, queue } = await withAda();
    await queue({});
    const attempts = failing();
    for (let n = 0; n < 3; n += 1) {
      await send();
      clock.advance(60);
    }
    const ids = attempts.mock.calls.map(([mail]) => mail.id);
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+-\d+$/);
  });

  it('has a token of its own each time, of which the last one counts', async () => {
    const { application, send, failing, clock } = await withAda();
    const attempts = failing();
    await send();
    clock.advance(2);
    attempts.mockResolvedValueOnce();
    await send();
    const [first, second] = attempts.mock.calls.map(([mail]) => mail.token ?? '');
    const verify = (token = '') => application.verifyEmail.execute(anyone, { token });
    expect(await codeOf(verify(first))).toBe('invalid_one_time_token');
    expect(await verify(second)).toBeUndefined();
  });

  it('holds up no other', async () => {
    const { application, send, ports, sent, register } = await withAda();
    await register('Bob');
    const deliver = ports.mailer.send.bind(ports.mailer);
    vi.spyOn(ports.mailer, 'send').mockImplementation(async (mail) => {
      if (mail.to === ada) throw new Error('550 No such user');
      return deliver(mail);
    });
    expect(await send()).toBe(2);
    expect(sent()).toMatchObject([{ to: emailOf('Bob') }]);
    const token = ports.mailer.tokenFor(emailOf('Bob'), 'verify-email') ?? '';
    expect(await application.verifyEmail.execute(anyone, { token })).toBeUndefined();
  });

  async function givenUp(error: unknown, mail: Partial<QueuedMail> = {}) {
    const story = await withAda();
    const { send, queue, clock, application } = story;
    await send();
    await queue(mail);
    const attempts = story.failing(error);
    const heard = vi.fn<() => void>();
    application.events.on('mail.given_up', heard);
    for (let n = 0; n < 19; n += 1) {
      expect(await send()).toBe(1);
      clock.advance(3600);
    }
    expect(heard).not.toHaveBeenCalled();
    expect(await send()).toBe(1);
    clock.advance(365 * 24 * 3600);
    expect(await send()).toBe(0);
    expect(attempts).toHaveBeenCalledTimes(20);
    expect(heard).toHaveBeenCalledTimes(1);
    const event = (await story.audited()).at(-1);
    return { ...story, event, attempts };
  }

  it('is given up after twenty attempts, and loudly', async () => {
    const { event, user } = await givenUp(new Error('550 No such user'), { kind: 'session-stolen', userId: 1 });
    const detail = { kind: 'session-stolen', reason: '550 No such user' };
    expect(event).toMatchObject({ type: 'mail.given_up', actorId: undefined, subjectId: user.id, detail });
  });

  it.each([
    ['no error at all', '550', 'unknown'],
    ['too long a story', new Error('x'.repeat(201)), 'x'.repeat(200)],
    ['half a character', new Error(`${'x'.repeat(199)}😀`), `${'x'.repeat(199)}\ufffd`],
    ['NUL and line breaks', new Error('550\0 No\r\nsuch user'), '550  No  such user'],
  ])('is given up with a reason that can be stored: %s', async (_, error, reason) => {
    const { event } = await givenUp(error);
    expect(event).toMatchObject({ type: 'mail.given_up', detail: { kind: 'reset-password', reason } });
  });

  it('gives no token away, though its reason quotes the mail', async () => {
    const story = await withAda();
    vi.spyOn(story.ports.mailer, 'send').mockImplementation(async ({ token }) => {
      throw new Error(`554 Refused: https://example.com/verify-email?token=${token}`);
    });
    for (let n = 0; n < 20; n += 1) {
      await story.send();
      story.clock.advance(3600);
    }
    const event = (await story.audited()).at(-1);
    const mails = vi.mocked(story.ports.mailer.send).mock.calls.map(([mail]) => mail);
    expect(event?.type).toBe('mail.given_up');
    for (const { token } of mails) expect(JSON.stringify(event)).not.toContain(token);
  });
});

describe('The lease of a mail', () => {
  it('keeps two workers from sending it at once', async () => {
    const story = await withAda();
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
    const { send, sent, register, ports } = await withAda();
    for (let n = 0; n < 9; n += 1) await register(`Reader${n}`);
    const workers = Array.from({ length: 20 }, () => new SendMails(ports, defaultPolicy));
    const taken = await Promise.all([...workers.map((worker) => worker.execute(anyone)), send()]);
    expect(taken.reduce((sum, count) => sum + count)).toBe(10);
    expect(new Set(sent().map(({ to }) => to)).size).toBe(10);
    expect(sent()).toHaveLength(10);
  });

  it('ends after a minute, so that another worker takes over from one that died', async () => {
    const story = await withAda();
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

  it('holds no transaction while the mail is on its way', async () => {
    const story = await withAda();
    const { endings, underWay } = slowly(story);
    const sending = story.send();
    await underWay(1);
    expect(await story.login('Ada', password)).toHaveProperty('accessToken');
    endings[0]?.resolve();
    await sending;
  });
});
