import type { Email, Mail, MailKind } from '@sallyport/core';

/** The mails there are, with the page that their link leads to, if they have one. */
export const pages: Readonly<Record<MailKind, string | undefined>> = {
  'verify-email': 'verify-email',
  'reset-password': 'reset-password',
  'change-email': 'verify-email',
  'email-change-requested': undefined,
  invitation: 'reset-password',
  'session-stolen': undefined,
};

export const kinds = Object.keys(pages) as MailKind[];
export const kindsWithLink = kinds.filter((kind) => pages[kind] !== undefined);

export const options = { from: 'Sallyport <no-reply@example.com>', publicUrl: 'https://accounts.example.com' };

export const token = 'T'.repeat(43);

/** A mail as the core makes it: those with a link have a token and its end. */
export function sampleMail(kind: MailKind, fields: Partial<Mail> = {}): Mail {
  const mail = { id: 'mjw9k3-7', kind, to: 'ada@example.com' as Email, name: 'Ada Lovelace', ...fields };
  return pages[kind] === undefined ? mail : { token, expiresAt: new Date('2031-02-03T04:05:59Z'), ...mail };
}

/** Names that want to be a recipient, a header or markup. The core refuses some of them already. */
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
