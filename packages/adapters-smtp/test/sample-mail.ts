import { type CoreMailKind, type Email, type Mail, MailCatalogue, mailKinds } from '@sallyport/core';

/** The page that the link of each kind of mail leads to, if it has one. */
export const pages: Readonly<Record<CoreMailKind, string | undefined>> = {
  'verify-email': 'verify-email',
  'reset-password': 'reset-password',
  'change-email': 'verify-email',
  'email-change-requested': undefined,
  invitation: 'reset-password',
  'email-changed': undefined,
  'password-changed': undefined,
  'session-stolen': undefined,
  'account-deactivated': undefined,
  'account-closed': undefined,
};

export const kinds = mailKinds;
export const kindsWithLink = kinds.filter((kind) => pages[kind] !== undefined);

export const options = { from: 'Sallyport <no-reply@example.com>', publicUrl: 'https://accounts.example.com' };

export const token = 'T'.repeat(43);

const catalogue = new MailCatalogue();

/** The locales that the core has words for. */
export const { locales } = catalogue;

/** Every locale with every kind. */
export const everyLetter = locales.flatMap((locale) => kinds.map((kind) => [locale, kind] as const));

/** A mail as the core makes it: those with a link have a token and its end. */
export function sampleMail(kind: CoreMailKind, fields: Partial<Mail> = {}): Mail {
  const mail = {
    id: 'mjw9k3-7',
    kind,
    to: 'ada@example.com' as Email,
    name: 'Ada Lovelace',
    locale: 'en',
    ...(pages[kind] !== undefined && { token, expiresAt: new Date('2031-02-03T04:05:59Z') }),
    ...fields,
  };
  return { words: catalogue.wordsOf(mail), ...mail };
}

/** Names that want to be a recipient, a header or markup. The core does not hand out most of them. */
export const hostileNames = [
  '"><img src=x>',
  'Eve, <eve@evil.example>',
  '"eve@evil.example" x@y',
  'eve@evil.example,',
  'Ada (eve@evil.example)',
  'group: eve@evil.example;',
  // Groups within groups, as deep as a name is long.
  'a:'.repeat(25),
  'Ada\r\nBcc: eve@evil.example',
  'Ada\nBcc: eve@evil.example\n\nA body',
  '=?utf-8?Q?=0D=0ABcc=3A_eve=40evil.example?=',
  'back\\slash"',
  'Zoë 🔑',
  "O'Brien & <b>sons</b>",
];
