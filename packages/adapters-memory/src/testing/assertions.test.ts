import { AssertionError } from 'node:assert';
import { anyone } from '@sallyport/core';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  assertMailed,
  assertNotMailed,
  assertNotRecorded,
  assertRecorded,
  matchers,
  type SallyportMatchers,
  testApplication,
} from './index.ts';

declare module 'vitest' {
  interface Matchers extends SallyportMatchers {}
}

expect.extend(matchers);

const email = 'ada.lovelace@example.com';

/** An application whose member has asked for a new password, and the token that was mailed. */
async function afterForgotPassword() {
  const test = testApplication();
  const { id } = (await test.member('Ada Lovelace')).user;
  await test.application.forgotPassword.execute(anyone, { email });
  const token = await test.mailedToken(email, 'reset-password');
  return { ...test, id, token, audit: test.ports.audit };
}

let arranged: Awaited<ReturnType<typeof afterForgotPassword>>;
beforeEach(async () => {
  arranged = await afterForgotPassword();
});

/** What a failing assertion says. */
async function messageOf(assertion: () => unknown): Promise<string> {
  try {
    await assertion();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('The assertion passed');
}

describe('An assertion about mails', () => {
  it('returns the latest mail that says what is expected', () => {
    const { mailbox, token } = arranged;
    expect(assertMailed(mailbox, email, 'reset-password', { locale: 'en' }).token).toBe(token);
    expect(mailbox).toHaveMailed(email, 'reset-password', { locale: 'en' });
  });

  it.each([
    ['another address', 'grace@example.com', 'reset-password', {}],
    ['another kind', email, 'email-changed', {}],
    ['another language', email, 'reset-password', { locale: 'de' }],
    ['other facts', email, 'reset-password', { data: { new: 1 } }],
  ] as const)('fails for %s, and lists the mails that were sent, without tokens', async (_what, to, kind, expected) => {
    const { mailbox, token } = arranged;
    expect(() => assertMailed(mailbox, to, kind, expected)).toThrow(AssertionError);
    expect(mailbox).not.toHaveMailed(to, kind, expected);
    const messages = [
      await messageOf(() => assertMailed(mailbox, to, kind, expected)),
      await messageOf(() => expect(mailbox).toHaveMailed(to, kind, expected)),
    ];
    for (const message of messages) {
      expect(message).toContain(`Expected a mail "${kind}" to ${to}`);
      expect(message).toContain(`"reset-password" to ${email}`);
      expect(message).toContain('Mails wait until `deliver` is called');
      expect(message).not.toContain(token);
    }
  });

  it('names the object that it needs, for another one', async () => {
    const { ports } = testApplication();
    expect(() => assertMailed(ports as never, email, 'reset-password')).toThrow('This needs a mailbox');
    await expect(assertRecorded(ports as never, 'user.logged_in')).rejects.toThrow('This needs an audit');
  });

  it('says that mails wait, if none was sent', () => {
    const { mailbox } = testApplication();
    expect(() => assertMailed(mailbox, email, 'reset-password')).toThrow('Mails wait until `deliver` is called');
  });

  it('can be that no mail was sent', async () => {
    const { mailbox, token } = arranged;
    assertNotMailed(mailbox, 'grace@example.com');
    assertNotMailed(mailbox, email, 'email-changed');
    const message = await messageOf(() => assertNotMailed(mailbox, email, 'reset-password'));
    expect(message).toContain(`Expected not to find a mail "reset-password" to ${email}`);
    expect(message).not.toContain(token);
    expect(() => assertNotMailed(mailbox, email)).toThrow(AssertionError);
    expect(() => expect(mailbox).not.toHaveMailed(email, 'reset-password')).toThrow('Expected not to find a mail');
  });
});

describe('An assertion about the audit', () => {
  it('returns the latest entry that says what is expected', async () => {
    const { audit, id } = arranged;
    expect(await assertRecorded(audit, 'user.logged_in', { subjectId: id })).toMatchObject({ type: 'user.logged_in' });
    await expect(audit).toHaveRecorded('user.logged_in', { subjectId: id });
    await expect(audit).toHaveRecorded('user.registered');
  });

  it('compares the detail by the fields that are given', async () => {
    const { audit, ports, clock } = arranged;
    const detail = { name: 'city', from: 'London' };
    const entry = { type: 'user.corrected', at: clock.now(), subjectId: 1, detail } as const;
    await ports.unitOfWork.run((transaction) => transaction.audit.append(entry));
    expect(await assertRecorded(audit, 'user.corrected', { detail: { name: 'city' } })).toMatchObject(entry);
    await assertNotRecorded(audit, 'user.corrected', { detail: { name: 'city', from: 'Paris' } });
    await assertNotRecorded(audit, 'user.corrected', { detail: { to: 'Paris' } });
  });

  it('fails for another subject, and lists the latest entries', async () => {
    const { audit } = arranged;
    await assertNotRecorded(audit, 'user.logged_in', { subjectId: 99 });
    await expect(audit).not.toHaveRecorded('user.logged_in', { subjectId: 99 });
    const messages = [
      await messageOf(() => assertRecorded(audit, 'user.logged_in', { subjectId: 99 })),
      await messageOf(() => expect(audit).toHaveRecorded('user.logged_in', { subjectId: 99 })),
    ];
    for (const message of messages) {
      expect(message).toContain('Expected an audit entry "user.logged_in" {"subjectId":99}');
      expect(message).toMatch(/The audit ends with:\n {2}"user.registered"/);
    }
  });

  it('can be that there is no such entry', async () => {
    const { audit } = arranged;
    await expect(assertNotRecorded(audit, 'user.logged_in')).rejects.toThrow('Expected not to find an audit entry');
    await expect(expect(audit).not.toHaveRecorded('user.logged_in')).rejects.toThrow('Expected not to find');
  });

  it('finds an entry behind a thousand others of its type', async () => {
    const { audit, ports, id, clock } = arranged;
    await ports.unitOfWork.run(async (transaction) => {
      for (let count = 0; count < 1001; count += 1) {
        await transaction.audit.append({ type: 'user.logged_in', at: clock.now(), subjectId: 99, detail: {} });
      }
    });
    expect(await assertRecorded(audit, 'user.logged_in', { subjectId: id })).toMatchObject({ subjectId: id });
  });

  it('says that the audit is empty', async () => {
    const { ports } = testApplication();
    await expect(assertRecorded(ports.audit, 'user.logged_in')).rejects.toThrow('The audit is empty.');
  });
});
