import type { EveryPage, PageWords, Pages, PasswordBounds, WordsOfPages } from '@sallyport/core';
import escapeHtml from 'escape-html';

/** The words of a page in the reader's language. */
export interface Worded {
  readonly locale: string;
  readonly words: PageWords;
  /** The words of the field for a password, on a page that has one. */
  readonly password?: Pages['reset-password'];
  readonly everyPage: EveryPage;
  readonly refusals: WordsOfPages['refusals'];
}

/** What a form is filled in with, and what the error on the page speaks of, if there is one. */
export interface Filled {
  readonly token?: unknown;
  /** The address of the account. Password managers save the new password under it. */
  readonly username?: unknown;
  readonly email?: unknown;
  readonly problem?: 'field' | 'other' | undefined;
}

/** The id of the element that states what is wrong. */
const errorId = 'error';

/**
 * States what is wrong. The focus goes there, without a script: a page that has just been loaded does not announce its
 * alerts by itself.
 */
export function alert(sentences: readonly string[]): string {
  return `<p role="alert" id="${errorId}" tabindex="-1" autofocus>${sentences.map((sentence) => escapeHtml(sentence)).join('<br>')}</p>\n`;
}

/** States what has happened. */
export function status(sentence: string): string {
  return `<p role="status">${escapeHtml(sentence)}</p>\n`;
}

/** The form that uses the link. The path is relative, so that it works below any mount. */
export function linkForm(path: string, { words, password }: Worded, bounds: PasswordBounds, filled: Filled): string {
  return formOf(
    path,
    words.button,
    `<input type="hidden" name="token" value="${attribute(filled.token)}">
${accountField(words.email, filled.username)}${password ? passwordFields(password, bounds, filled) : ''}`,
  );
}

/** The form that requests a new link. */
export function requestForm(path: string, { words }: Worded, { email, problem }: Filled): string {
  const invalid = problem === 'field' ? ` aria-invalid="true" aria-describedby="${errorId}"` : '';
  return formOf(
    path,
    words.requestLink,
    `<label for="email">${escapeHtml(words.email)}</label>
<input id="email" name="email" type="email" autocomplete="email" value="${attribute(email)}" required${invalid}>
`,
  );
}

/** The address of the account, for the reader and for password managers. */
function accountField(label: string, username: unknown): string {
  if (typeof username !== 'string') return '';
  return `<label for="username">${escapeHtml(label)}</label>
<input id="username" name="username" type="email" autocomplete="username" value="${escapeHtml(username)}" readonly>
`;
}

function passwordFields(words: Pages['reset-password'], bounds: PasswordBounds, { problem }: Filled): string {
  const rules = words.rules(bounds).map((rule) => `<li>${escapeHtml(rule)}</li>`);
  const described =
    problem === 'field' ? `aria-invalid="true" aria-describedby="${errorId} rules"` : 'aria-describedby="rules"';
  const focus = problem === undefined ? ' autofocus' : '';
  return `<label for="new_password">${escapeHtml(words.newPassword)}</label>
<input id="new_password" name="new_password" type="password" autocomplete="new-password" autocapitalize="none" spellcheck="false" minlength="${bounds.minLength}" required ${described}${focus}>
<label class="choice" hidden><input id="show_password" type="checkbox"> ${escapeHtml(words.showPassword)}</label>
<ul id="rules">
${rules.join('\n')}
</ul>
`;
}

function formOf(path: string, button: string, fields: string): string {
  return `<form method="post" action="${path}">
${fields}<button>${escapeHtml(button)}</button>
</form>`;
}

function attribute(value: unknown): string {
  return typeof value === 'string' ? escapeHtml(value) : '';
}
