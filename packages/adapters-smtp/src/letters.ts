import type { Mail, MailKind } from '@sallyport/core';
import escapeHtml from 'escape-html';

/** The text of a mail. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The template of a kind of mail, from which its text and its HTML are made. */
interface Template {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** The action of the mail, and the page where the recipient takes it. */
  readonly action?: { readonly label: string; readonly page: string };
  /** The last sentence: what to do if the mail is unexpected. */
  readonly otherwise: string;
}

const templates: Readonly<Record<MailKind, Template>> = {
  'verify-email': {
    subject: 'Confirm your e-mail address',
    paragraphs: ['Welcome. Please confirm that this address is yours.'],
    action: { label: 'Confirm this address', page: 'verify-email' },
    otherwise:
      'If you did not open an account here, you can ignore this mail: without a confirmation, nothing happens.',
  },
  'reset-password': {
    subject: 'Choose a new password',
    paragraphs: ['Somebody, we hope it was you, asked for a new password for your account.'],
    action: { label: 'Choose a new password', page: 'reset-password' },
    otherwise: 'If it was not you, you can ignore this mail: your password stays as it is.',
  },
  'change-email': {
    subject: 'Confirm your new e-mail address',
    paragraphs: ['You asked us to use this address for your account from now on.'],
    action: { label: 'Confirm this address', page: 'verify-email' },
    otherwise: 'If you did not ask for this, you can ignore this mail: without a confirmation, nothing changes.',
  },
  'email-change-requested': {
    subject: 'Your e-mail address is about to change',
    paragraphs: [
      'Somebody who knows your password asked us to use another e-mail address for your account. The change takes effect when the new address is confirmed.',
    ],
    otherwise: 'If it was not you, change your password now: that ends every session.',
  },
  invitation: {
    subject: 'You are invited',
    paragraphs: ['An account was created for you. To use it, please choose a password.'],
    action: { label: 'Choose a password', page: 'reset-password' },
    otherwise: 'If you did not expect this mail, you can ignore it: without a password, the account cannot be used.',
  },
  'session-stolen': {
    subject: 'We ended a session of your account',
    paragraphs: [
      'A session of your account was continued with a key that had been used before. That happens when somebody copied it, so we ended the session on every device that used it.',
    ],
    otherwise: 'Log in again to go on. If you have any doubt, change your password as well.',
  },
};

/** A link that confirms an address may be opened again; one that sets a password may not. */
const once = (kind: MailKind) => (templates[kind].action?.page === 'reset-password' ? ' and works once' : '');

/** Writes a mail, in text and in HTML. */
export function toLetter(mail: Mail, publicUrl: string): Letter {
  const { subject, paragraphs, action, otherwise } = templates[mail.kind];
  const link = linkIn(mail, publicUrl);
  const expiry = link && mail.expiresAt && `The link is valid until ${inWords(mail.expiresAt)}${once(mail.kind)}.`;
  const before = [greet(mail), ...paragraphs];
  const after = [...(expiry === undefined ? [] : [expiry]), otherwise];
  return {
    subject,
    text: `${[...before, ...(link === undefined ? [] : [`${action?.label}:\n${link}`]), ...after].join('\n\n')}\n`,
    html: page([
      ...before.map(paragraph),
      ...(link === undefined ? [] : [`<p><a href="${escapeHtml(link)}">${escapeHtml(action?.label ?? '')}</a></p>`]),
      ...after.map(paragraph),
    ]),
  };
}

/** The link of a mail, if its kind has one. */
export function linkIn({ kind, token = '' }: Mail, publicUrl: string): string | undefined {
  const { action } = templates[kind];
  return action && `${publicUrl}/${action.page}?${new URLSearchParams({ token }).toString()}`;
}

/** Text that mail programs turn into a link, or that would start a new line. */
const linkLike = /[:/\\@]|\.\p{L}{2}|[\p{Cc}\u2028\u2029]/u;

/**
 * The name of the recipient; empty if it looks like a link. An attacker who registers with a stranger's address chooses
 * the name, and must not be able to advertise with it.
 */
export function nameIn({ name }: Mail): string {
  return linkLike.test(name) ? '' : name;
}

function greet(mail: Mail): string {
  const name = nameIn(mail);
  return name === '' ? 'Hello,' : `Hello ${name},`;
}

/** In UTC, since the reader's time zone is not known. */
function inWords(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}

function page(blocks: readonly string[]): string {
  return `<!doctype html>\n<html lang="en">\n<body>\n${blocks.join('\n')}\n</body>\n</html>\n`;
}
