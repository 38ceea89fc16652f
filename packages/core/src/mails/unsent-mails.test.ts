import { describe, expect, it, vi } from 'vitest';
import { ada, mailing } from '../../test/mailing.ts';
import { codeOf, emailOf } from '../../test/scenario.ts';
import { anyone } from '../model/caller.ts';
import { RecipientRefusedError } from '../ports/mailer.ts';
import type { QueuedMail } from '../ports/outbox.ts';

describe('A mail that could not be sent', () => {
  it('is tried again after a pause that doubles, up to an hour', async () => {
    const { send, failing, clock } = await mailing();
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
    const { send, failing, clock, queue } = await mailing();
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

  it('has a token of its own each time, of which the last three are valid', async () => {
    const { application, send, failing, clock } = await mailing();
    const attempts = failing();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await send();
      clock.advance(60);
    }
    const [first, ...others] = attempts.mock.calls.map(([mail]) => mail.token ?? '');
    expect(new Set([first, ...others]).size).toBe(4);
    const verify = (token = '') => application.verifyEmail.execute(anyone, { token });
    expect(await codeOf(verify(first))).toBe('invalid_one_time_token');
    for (const token of others) expect(await verify(token)).toBeUndefined();
  });

  it('takes no link of an earlier mail that did arrive, however often it is tried', async () => {
    const { application, send, ports, sent, clock, queue } = await mailing();
    await send();
    const [arrived] = sent();
    await queue({ kind: 'verify-email' });
    await queue({ kind: 'verify-email' });
    const attempts = vi.spyOn(ports.mailer, 'send').mockRejectedValue(new Error('450 Try again later'));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await send();
      clock.advance(60);
    }
    expect(attempts).toHaveBeenCalledTimes(10);
    expect(await application.verifyEmail.execute(anyone, { token: arrived?.token ?? '' })).toBeUndefined();
  });

  it('holds up no other', async () => {
    const { application, send, ports, sent, register } = await mailing();
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
    const story = await mailing();
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

  it('is given up with the account that its address belongs to, if it has one', async () => {
    const { event, user } = await givenUp(new Error('450 Try again later'));
    expect(event).toMatchObject({ type: 'mail.given_up', subjectId: user.id, detail: { kind: 'reset-password' } });
  });

  it('is given up at once if its recipient is refused permanently, and others are not', async () => {
    const { send, queue, ports, register, audited, clock, user } = await mailing();
    await send();
    await register('Bob');
    await queue({ userId: user.id });
    const attempts = vi.spyOn(ports.mailer, 'send').mockImplementation(async ({ to }) => {
      throw to === ada ? new RecipientRefusedError('550 5.1.1 No such user') : new Error('450 Try again later');
    });
    expect(await send()).toBe(2);
    const detail = { kind: 'reset-password', reason: '550 5.1.1 No such user' };
    const given = (await audited()).filter(({ type }) => type === 'mail.given_up');
    expect(given).toMatchObject([{ actorId: undefined, subjectId: user.id, detail }]);
    clock.advance(3600);
    expect(await send()).toBe(1);
    expect(attempts.mock.calls.map(([{ to }]) => to).toSorted()).toEqual(
      [ada, emailOf('Bob'), emailOf('Bob')].toSorted(),
    );
  });

  it('is not given up by a worker that lost its claim meanwhile', async () => {
    const { send, queue, failing, ports, clock, audited } = await mailing();
    await send();
    await queue({});
    failing();
    for (let attempt = 1; attempt < 20; attempt += 1) {
      await send();
      clock.advance(3600);
    }
    vi.spyOn(ports.mailer, 'send').mockImplementationOnce(async () => {
      const until = new Date(clock.now().getTime() + 120_000);
      await ports.unitOfWork.run(({ outbox }) => outbox.claim({ at: until, until, limit: 1 }));
      throw new Error('550');
    });
    expect(await send()).toBe(1);
    expect((await audited()).map(({ type }) => type)).not.toContain('mail.given_up');
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
    const story = await mailing();
    vi.spyOn(story.ports.mailer, 'send').mockImplementation(async ({ token }) => {
      throw new Error(`554 Refused: https://example.com/verify-email?token=${token}`);
    });
    for (let n = 0; n < 20; n += 1) {
      await story.send();
      story.clock.advance(3600);
    }
    const event = (await story.audited()).at(-1);
    const mails = vi.mocked(story.ports.mailer.send).mock.calls.map(([mail]) => mail);
    const reason = '554 Refused: https://example.com/verify-email?token=…';
    expect(event).toMatchObject({ type: 'mail.given_up', detail: { reason } });
    for (const { token } of mails) expect(JSON.stringify(event)).not.toContain(token);
  });
});
