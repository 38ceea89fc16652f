import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { ada } from '../../test/mailing.ts';
import { profile, scenario } from '../../test/scenario.ts';
import type { MailOptions } from '../model/catalogue/words.ts';
import type { Email } from '../model/email.ts';
import { isSecurityNotice, type MailKind, mailKinds, securityNotices } from '../model/mail.ts';
import type { PolicyOptions } from '../model/policy.ts';
import type { User } from '../model/user.ts';
import type { Mail } from '../ports/mailer.ts';
import type { QueuedMail } from '../ports/outbox.ts';

const another = 'countess@example.org' as Email;

const comment = { subject: 'A comment', paragraphs: ['Read it.'] };
const mails: MailOptions = {
  en: { letters: { 'comments.added': comment } },
  de: { letters: { 'comments.added': { ...comment, subject: 'Ein Kommentar' } } },
  'de-AT': {},
};

/** Every kind of mail of the core, and one of a module. */
const kinds: readonly MailKind[] = [...mailKinds, 'comments.added'];

/** The mail of this kind to an account, which has an unverified address unless it says otherwise. */
async function mailTo(
  kind: MailKind,
  account: Partial<User> = {},
  queued: Partial<QueuedMail> = {},
  policy: PolicyOptions = {},
): Promise<Mail> {
  const { ports, clock, deliver } = scenario({ mails, ...policy });
  const now = clock.now();
  const state = { role: 'user', isActive: true, emailVerified: false, createdAt: now, profile: {} } as const;
  const passwordHash = kind === 'invitation' ? undefined : 'hash';
  await ports.unitOfWork.run(async ({ users, outbox }) => {
    const { id } = await users.append({ name: 'Ada Lovelace', email: ada, ...state, passwordHash, ...account });
    const email = kind === 'change-email' ? another : ada;
    await outbox.append({ kind, email, userId: id, queuedAt: now, ...queued });
  });
  await deliver();
  const [mail, ...more] = ports.mailer.mails;
  if (!mail || more.length > 0) throw new Error(`${ports.mailer.mails.length} mails were sent`);
  return mail;
}

describe.each(kinds)('A mail of kind %s', (kind) => {
  it('contains no name if it goes to an unverified address', async () => {
    const mail = await mailTo(kind);
    expect(JSON.stringify(mail)).not.toMatch(/Ada|Lovelace/);
    expect(mail.words.greeting).toBe('Hello,');
  });

  it('reaches the mailer with its own data', async () => {
    const data = { title: 'Engines', count: 2, isNew: true };
    expect((await mailTo(kind, {}, { data })).data).toEqual(data);
  });

  it('is written in the locale that it was queued in', async () => {
    expect(await mailTo(kind, {}, { locale: 'de-AT' })).toMatchObject({ locale: 'de-AT', words: { locale: 'de' } });
  });

  it('is written in the default locale if no other is known', async () => {
    expect(await mailTo(kind, {}, {}, { defaultLocale: 'de' })).toMatchObject({
      locale: 'de',
      words: { locale: 'de' },
    });
  });
});

const withLocale = { profile: { ...profile, locale: { schema: v.string(), default: null } } };

/** The kinds that are about an account when they are sent. What a security notice needs is known when it is queued. */
const ofAccounts = kinds.filter((kind) => !isSecurityNotice(kind));

describe.each(ofAccounts)('A mail of kind %s', (kind) => {
  it("is written in the account's own locale before any other", async () => {
    const account = { profile: { locale: 'de-AT' } };
    expect((await mailTo(kind, account, { locale: 'en' }, withLocale)).locale).toBe('de-AT');
  });

  it.each<[string, Partial<User>, PolicyOptions]>([
    ['has none', { profile: {} }, withLocale],
    ['has one without words', { profile: { locale: 'fr' } }, withLocale],
    ['has one that is no tag', { profile: { locale: 'de_AT' } }, withLocale],
    ['has a field that the profile does not declare', { profile: { locale: 'de' } }, {}],
  ])('is written in the locale of the request if the account %s', async (_, account, policy) => {
    expect((await mailTo(kind, account, { locale: 'en' }, { defaultLocale: 'de', ...policy })).locale).toBe('en');
  });
});

/** The name and the greeting of a mail to the verified address of an account with this name. */
const greeting = async (name: string) => {
  const mail = await mailTo('reset-password', { name, emailVerified: true });
  return [mail.name, mail.words.greeting];
};

describe.each(ofAccounts.filter((kind) => kind !== 'verify-email' && kind !== 'change-email'))(
  'A mail of kind %s to the verified address of its account',
  (kind) => {
    it('contains the name', async () => {
      const mail = await mailTo(kind, { emailVerified: true });
      expect([mail.name, mail.words.greeting]).toEqual(['Ada Lovelace', 'Hello Ada Lovelace,']);
    });
  },
);

describe.each(securityNotices)('A security notice of kind %s', (kind) => {
  it('contains no name, even if it goes to the verified address of its account', async () => {
    const mail = await mailTo(kind, { emailVerified: true });
    expect([mail.name, mail.words.greeting]).toEqual([undefined, 'Hello,']);
  });

  it.each<[string, Partial<User>]>([
    ['is deactivated', { isActive: false }],
    ['has another address now', { email: another }],
  ])('is sent although the account %s', async (_, account) => {
    expect(await mailTo(kind, account)).toMatchObject({ kind, to: ada });
  });
});

describe.each(['change-email', 'email-change-requested', 'session-stolen'] as const)(
  "A mail of kind %s to an address that is not the account's own",
  (kind) => {
    it('contains no name, even if the account has a verified address', async () => {
      const mail = await mailTo(kind, { emailVerified: true }, { email: another });
      expect(mail.to).toBe(another);
      expect(JSON.stringify(mail)).not.toMatch(/Ada|Lovelace/);
    });
  },
);

describe('The name in a mail', () => {
  it.each(['Ada Lovelace', 'J.R.R. Tolkien', 'St. John', "O'Brien", 'Zoë 🔑', '李小龍', '"><img src=x>', '$& $1'])(
    'is written as it stands: %s',
    async (name) => {
      expect(await greeting(name)).toEqual([name, `Hello ${name},`]);
    },
  );

  it.each([
    'You won! https://evil.example/x',
    'You won! evil.example',
    'www.evil.example',
    'EVIL.EXAMPLE',
    'xn--evl-rma.example',
    'mailto:eve',
    'eve@evil',
    '//evil',
    '\\\\evil',
    'Ada,\n\nYou won!',
    'Ada\u2028You won!',
  ])('is left out if it would advertise a link or start a line: %j', async (name) => {
    expect(await greeting(name)).toEqual([undefined, 'Hello,']);
  });
});

describe("A module's mail", () => {
  it('is not sent to an address that its account has left', async () => {
    await expect(mailTo('comments.added', {}, { email: another })).rejects.toThrow('0 mails were sent');
  });

  it('is not sent while the catalogue lacks its letter', async () => {
    await expect(mailTo('comments.added', {}, {}, { mails: {} })).rejects.toThrow('0 mails were sent');
  });
});
