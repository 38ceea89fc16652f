/** The kinds that tell the owner of an account what happened to it. They contain no link and no name. */
export const securityNotices = [
  'email-change-requested',
  'email-changed',
  'password-changed',
  'session-stolen',
  'account-deactivated',
  'account-closed',
] as const;
export type SecurityNotice = (typeof securityNotices)[number];

/** Every kind of mail that the core itself sends. */
export const mailKinds = ['verify-email', 'reset-password', 'change-email', 'invitation', ...securityNotices] as const;
/** A kind of mail that the core itself sends. */
export type CoreMailKind = (typeof mailKinds)[number];

/** A kind of mail: one of the core's, or one of a module, named `module.kind`. */
export type MailKind = CoreMailKind | `${string}.${string}`;

/** Whether the core itself sends mails of this kind. */
export function isCoreMail(kind: string): kind is CoreMailKind {
  return mailKinds.some((known) => known === kind);
}

/** Whether a mail can have this kind. */
export function isMailKind(kind: string): kind is MailKind {
  return isCoreMail(kind) || /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(kind);
}

/** Whether a mail of this kind is a security notice. */
export function isSecurityNotice(kind: MailKind): kind is SecurityNotice {
  return securityNotices.some((notice) => notice === kind);
}

/** The kinds whose link sets a password. Such a link works once; other links work until they expire. */
export const passwordLinks = ['reset-password', 'invitation'] as const satisfies readonly CoreMailKind[];

/** The kinds whose link confirms an address. */
export const addressLinks = ['verify-email', 'change-email'] as const satisfies readonly CoreMailKind[];

/** Facts that a mail states, for the words of its kind. They are stored as JSON, so numbers are finite. */
export type MailData = Readonly<Record<string, string | number | boolean>>;
