import { parse as parseQuery } from 'node:querystring';
import {
  type Anyone,
  type Application,
  isSallyportError,
  type PageWords,
  type SallyportError,
  type WordsOfPages,
} from '@sallyport/core';
import escapeHtml from 'escape-html';
import { type Fields, receiveBody } from '../body/body.ts';
import { originOf } from '../callers/bearer.ts';
import { refuseForeignPage } from '../callers/foreign-page.ts';
import type { ApiRequest, ApiResponse } from '../messages.ts';
import { type ErrorAnswers, logOutage } from '../problems/answer.ts';
import { retryHeaders } from '../problems/retry-headers.ts';
import type { Endpoint } from '../routes/path-table.ts';
import { showPage } from './page.ts';

/** The words of a page in the reader's language. */
interface Worded {
  readonly locale: string;
  readonly words: PageWords;
  /** The label of the field that the user fills in, besides the token. */
  readonly label?: string;
  readonly refusals: WordsOfPages['refusals'];
}

/** A page, what its form does, and how its reader gets a new link. */
interface LinkPage {
  readonly name: 'reset-password' | 'verify-email';
  readonly wordsIn: (texts: WordsOfPages) => Worded;
  act(application: Application, caller: Anyone, form: Fields): Promise<unknown>;
  requestLink(application: Application, caller: Anyone, form: Fields): Promise<unknown>;
}

const pages: readonly LinkPage[] = [
  {
    name: 'reset-password',
    wordsIn: ({ pages: { 'reset-password': words }, ...rest }) => ({ ...rest, words, label: words.newPassword }),
    act: (application, caller, { token, new_password: newPassword }) =>
      application.resetPassword.attempt(caller, { token, newPassword }),
    requestLink: (application, caller, { email }) => application.forgotPassword.attempt(caller, { email }),
  },
  {
    name: 'verify-email',
    wordsIn: ({ pages: { 'verify-email': words }, ...rest }) => ({ ...rest, words }),
    act: (application, caller, { token }) => application.verifyEmail.attempt(caller, { token }),
    requestLink: (application, caller, { email }) => application.requestVerification.attempt(caller, { email }),
  },
];

/**
 * The pages that mailed links lead to, in the language that the browser prefers. Opening a page does not use the link
 * up, since mail scanners open links too. Only sending the form does. The page of an invalid link says so at once, and
 * offers a new one. Pages of other origins cannot send the forms.
 */
export function linkPageEndpoints(
  application: Application,
  publicUrl: string,
  answers: ErrorAnswers,
): readonly Endpoint[] {
  const { origin } = new URL(publicUrl);
  const { mails } = application.policy;
  const wordedFor = ({ wordsIn }: LinkPage, { locales = [] }: Anyone) =>
    wordsIn(mails.pageWordsOf(mails.localeFor(locales) ?? mails.defaultLocale));

  /** Whether the form may be shown. Without the store, that is not known, and the form may work a moment later. */
  async function mayBeValid({ name: page }: LinkPage, request: ApiRequest, token: unknown): Promise<boolean> {
    try {
      return await application.checkLink.attempt(originOf(request), { token, page });
    } catch (error) {
      if (!isSallyportError(error)) throw error;
      logOutage(error, request.requestId, answers.log);
      return error.code === 'unavailable';
    }
  }

  return pages.flatMap((page) => {
    const path = `/${page.name}`;
    return [
      {
        method: 'GET',
        path,
        async answer(request) {
          const { token } = parseQuery(request.query);
          const worded = wordedFor(page, originOf(request));
          const isValid = await mayBeValid(page, request, token);
          return show(200, worded, isValid ? form(page, worded, token) : invalidLink(page, worded));
        },
      },
      {
        method: 'POST',
        path,
        async answer(request) {
          refuseForeignPage(request, origin);
          const caller = originOf(request);
          const worded = wordedFor(page, caller);
          const { words } = worded;
          let sent: Fields = {};
          try {
            sent = await receiveBody(request, 'form', async (parseBody) => parseBody());
            const asksForLink = sent['email'] !== undefined;
            if (asksForLink) await page.requestLink(application, caller, sent);
            else await page.act(application, caller, sent);
            return show(200, worded, paragraph('status', [asksForLink ? words.linkRequested : words.done]));
          } catch (error) {
            if (!isSallyportError(error)) throw error;
            logOutage(error, request.requestId, answers.log);
            const status = answers.types[error.code]?.status;
            if (status === undefined) throw error;
            if (request.observed) request.observed.code = error.code;
            return show(status, worded, refusal(page, worded, error, sent), retryHeaders(error));
          }
        },
      },
    ] satisfies Endpoint[];
  });
}

/** What a page says for an error, with the form that may help. */
function refusal(page: LinkPage, worded: Worded, error: SallyportError, { token, email }: Fields): string {
  if (error.code === 'invalid_one_time_token') return invalidLink(page, worded);
  const ofFields = error.issues.filter(({ path }) => path[0] === 'newPassword' || path[0] === 'email');
  const sentences = ofFields.length > 0 ? ofFields.map(({ message }) => message) : [error.message];
  const alert = paragraph('alert', inWords(worded, sentences));
  if (email !== undefined) return alert + requestForm(page, worded, email);
  const mayTryAgain = ofFields.length > 0 || ['rate_limited', 'unavailable'].includes(error.code);
  return mayTryAgain ? alert + form(page, worded, token) : alert;
}

function invalidLink(page: LinkPage, worded: Worded): string {
  return paragraph('alert', inWords(worded, ['Invalid or expired token'])) + requestForm(page, worded);
}

function inWords({ refusals }: Worded, sentences: readonly string[]): readonly string[] {
  return sentences.map((sentence) => refusals[sentence] ?? sentence);
}

function paragraph(role: 'alert' | 'status', sentences: readonly string[]): string {
  return `<p role="${role}">${sentences.map((sentence) => escapeHtml(sentence)).join('<br>')}</p>`;
}

function form(page: LinkPage, { words, label }: Worded, token: unknown): string {
  const password =
    label === undefined
      ? ''
      : `<label for="new_password">${escapeHtml(label)}</label>
<input id="new_password" name="new_password" type="password" autocomplete="new-password" required autofocus>`;
  return formOf(page, words.button, `<input type="hidden" name="token" value="${attribute(token)}">\n${password}`);
}

function requestForm(page: LinkPage, { words }: Worded, email?: unknown): string {
  const fields = `<label for="email">${escapeHtml(words.email)}</label>
<input id="email" name="email" type="email" autocomplete="email" value="${attribute(email)}" required>`;
  return formOf(page, words.requestLink, fields);
}

function formOf({ name }: LinkPage, button: string, fields: string): string {
  return `<form method="post" action="${name}">
${fields}
<button>${escapeHtml(button)}</button>
</form>`;
}

function attribute(value: unknown): string {
  return typeof value === 'string' ? escapeHtml(value) : '';
}

function show(
  status: number,
  { locale, words }: Worded,
  content: string,
  headers: ApiResponse['headers'] = {},
): ApiResponse {
  return showPage({ status, locale, title: words.title, content, headers });
}
