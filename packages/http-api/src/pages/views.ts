import { passwordBounds, type SallyportError } from '@sallyport/core';
import escapeHtml from 'escape-html';
import type { Fields } from '../body/body.ts';
import { HttpError } from '../problems/http-error.ts';
import type { Brand } from './brand.ts';
import { alert, type Filled, linkForm, requestForm, status, type Worded } from './forms.ts';
import type { Page } from './page.ts';
import { showPasswordScript } from './show-password.ts';

/** What a page shows in one of its states. */
export type View = Pick<Page, 'heading' | 'title' | 'content' | 'script'>;

/** Errors after which the same form may work. */
const passing = ['rate_limited', 'unavailable'];

/** The form of a link that may be used, for the account with this address. */
export function formView(path: string, worded: Worded, token: unknown, username: string | undefined): View {
  return { heading: worded.words.title, ...withLinkForm(path, worded, { token, username }) };
}

/** That the link is invalid, and the form that requests a new one. */
export function invalidLinkView(path: string, worded: Worded): View {
  const offer = `<p>${escapeHtml(worded.everyPage.offerLink)}</p>\n`;
  return errorView(worded, ['Invalid or expired token'], offer + requestForm(path, worded, {}));
}

/** That the link has done what it is for, with a link to the app of the host. */
export function doneView({ words, everyPage }: Worded, { name, url }: Brand): View {
  const onward =
    url === undefined
      ? ''
      : `<p><a class="button" href="${escapeHtml(url)}">${escapeHtml(everyPage.continueTo(name))}</a></p>`;
  return { heading: words.doneTitle, content: status(words.done) + onward };
}

/** That a new link may be on its way. */
export function linkRequestedView({ words, everyPage }: Worded): View {
  return { heading: everyPage.linkRequestedTitle, content: status(words.linkRequested) };
}

/** That the core refused, and the form that may help, with what was sent except for the password. */
export function refusalView(path: string, worded: Worded, error: SallyportError, sent: Fields): View {
  if (error.code === 'invalid_one_time_token') return invalidLinkView(path, worded);
  const ofFields = error.issues.filter(({ path: field }) => field[0] === 'newPassword' || field[0] === 'email');
  const sentences = ofFields.length > 0 ? ofFields.map(({ message }) => message) : [error.message];
  const { token, email, username } = sent;
  const filled: Filled = { token, email, username, problem: ofFields.length > 0 ? 'field' : 'other' };
  if (email !== undefined) return errorView(worded, sentences, requestForm(path, worded, filled));
  const mayTryAgain = ofFields.length > 0 || passing.includes(error.code);
  if (!mayTryAgain || token === undefined) return errorView(worded, sentences);
  const { content, script } = withLinkForm(path, worded, filled);
  return { ...errorView(worded, sentences, content), script };
}

/** That the form could not be taken. */
export function failureView(worded: Worded, error: unknown): View {
  const { foreignForm, unreadableForm, failure } = worded.everyPage;
  if (!(error instanceof HttpError)) return errorView(worded, [failure]);
  return errorView(worded, [error.code === 'foreign_origin' ? foreignForm : unreadableForm]);
}

function withLinkForm(path: string, worded: Worded, filled: Filled): Pick<View, 'content' | 'script'> {
  return {
    content: linkForm(path, worded, passwordBounds, filled),
    script: worded.password && showPasswordScript,
  };
}

function errorView({ words, everyPage, refusals }: Worded, sentences: readonly string[], more = ''): View {
  return {
    heading: words.title,
    title: everyPage.errorTitle(words.title),
    content: alert(sentences.map((sentence) => refusals[sentence] ?? sentence)) + more,
  };
}
