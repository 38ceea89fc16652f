/** Every kind of mail that the core itself sends. */
export const mailKinds = [
  'verify-email',
  'reset-password',
  'change-email',
  'email-change-requested',
  'session-stolen',
  'invitation',
] as const;
export type CoreMailKind = (typeof mailKinds)[number];

/** A kind of mail: one of the core's, or one of a module, named `module.kind`. */
export type MailKind = (typeof mailKinds)[number] | `${string}.${string}`;

/** Whether a mail can have this kind. */
export function isMailKind(kind: string): kind is MailKind {
  return mailKinds.some((known) => known === kind) || /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(kind);
}

/** The kinds whose link sets a password. Such a link works once; other links work until they expire. */
export const passwordLinks = ['reset-password', 'invitation'] as const satisfies readonly CoreMailKind[];

/** Facts that a mail states, for the words of its kind. They are stored as JSON, so numbers are finite. */
export type MailData = Readonly<Record<string, string | number | boolean>>;
