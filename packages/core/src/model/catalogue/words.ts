import type { CoreMailKind, MailData, MailKind } from '../mail.ts';
import type { Options } from '../options.ts';
import type { PasswordBounds } from '../password.ts';

/** The words of a letter. They are plain text: the mailer escapes them where it writes HTML. */
export interface Letter {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** The text of the link, and the path of its page below the public URL. */
  readonly action?: { readonly label: string; readonly page: string } | undefined;
  /** The last paragraph: what to do if the mail is unexpected. */
  readonly otherwise?: string | undefined;
}

/** A letter, or the function that writes it from the data of the mail. Data may be text that other users wrote. */
export type LetterTemplate = Letter | ((data: MailData) => Letter);

/** The words that all letters share. */
export interface SharedWords {
  /** The first line. `name` is absent if the letter must not contain it. */
  readonly greeting: (name: string | undefined) => string;
  /** The sentence that states until when the link is valid, such as `2026-01-31 12:00 UTC`, and if it works once. */
  readonly validity: (until: string, once: boolean) => string;
}

/** The words of a page that a mailed link leads to. */
export interface PageWords {
  readonly title: string;
  readonly button: string;
  /** The title of the page after the action, and what it says then. */
  readonly doneTitle: string;
  readonly done: string;
  /** The label of the field for the address, and of the button, where the link is invalid and a new one is offered. */
  readonly email: string;
  readonly requestLink: string;
  /** What the page says once a new link was requested, whether or not the address has an account. */
  readonly linkRequested: string;
}

/** The words of every page that mailed links lead to, by its path. */
export interface Pages {
  readonly 'reset-password': PageWords & {
    /** The label of the field for the password. */
    readonly newPassword: string;
    /** The rules for a new password. The page states them before the form is sent. */
    readonly rules: (bounds: PasswordBounds) => readonly string[];
    /** The label of the control that makes the password readable. It appears only where scripts run. */
    readonly showPassword: string;
  };
  readonly 'verify-email': PageWords;
}

/** The words that all pages share. */
export interface EveryPage {
  /** The title of a page that shows an error, made from its own title. */
  readonly errorTitle: (title: string) => string;
  /** What a page says under an invalid link, before the form for a new one. */
  readonly offerLink: string;
  /** The title of the page once a new link was requested. */
  readonly linkRequestedTitle: string;
  /** The text of the link to the host's app. `name` is absent if the host has not given one. */
  readonly continueTo: (name: string | undefined) => string;
  /** What a page says to a form that a page of another origin sent, to one that it cannot read, and after a failure. */
  readonly foreignForm: string;
  readonly unreadableForm: string;
  readonly failure: string;
}

/** Every refusal that these pages show, by its sentence in an error of the core. */
export const pageRefusals = [
  'Invalid or expired token',
  'Too many attempts, try again later',
  'The service is temporarily unavailable',
  'Field required',
  'Must be a string',
  'Must be well-formed Unicode without NUL',
  'Must be an e-mail address',
  'Must be at least 8 characters',
  'Must be at most 128 characters',
  'Password cannot be only numbers',
  'Password must include at least one number',
  'Password cannot be the e-mail address',
  'Password cannot be the name',
  'Password cannot be the name of this service',
  'Password is among the most common ones',
] as const;

/** What a page says for a refusal, by the sentence of the refusal. */
export type Refusals = Readonly<Record<(typeof pageRefusals)[number], string>>;

/** All words in one language. */
export interface Words {
  readonly letters: Readonly<Record<CoreMailKind, LetterTemplate>>;
  readonly shared: SharedWords;
  readonly pages: Pages;
  readonly everyPage: EveryPage;
  readonly refusals: Refusals;
}

/** Some of the words in one locale. The other ones are taken from its language or from the default locale. */
export interface SomeWords {
  readonly letters?: { readonly [Kind in MailKind]?: LetterTemplate | undefined } | undefined;
  readonly shared?: Options<SharedWords> | undefined;
  readonly pages?: { readonly [Page in keyof Pages]?: Options<Pages[Page]> | undefined } | undefined;
  readonly everyPage?: Options<EveryPage> | undefined;
  readonly refusals?: Options<Refusals> | undefined;
}

/** A host's own words, by locale: a BCP 47 tag such as `en`, `de` or `de-AT`. */
export type MailOptions = Readonly<Record<string, SomeWords | undefined>>;

/** The words of one mail, in one language. */
export interface MailWords extends Letter {
  /** The locale that the words are written in. It may differ from the mail's, which may have no words of its own. */
  readonly locale: string;
  readonly greeting: string;
  /** Until when the link is valid, for a mail that has one. */
  readonly validity?: string | undefined;
}
