import { createHash } from 'node:crypto';
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
import { type ApiResponse, notStored } from '../messages.ts';
import { type ErrorAnswers, logOutage } from '../problems/answer.ts';
import { retryHeaders } from '../problems/retry-headers.ts';
import type { Endpoint } from '../routes/path-table.ts';

const style = `body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 4rem auto; padding: 0 1rem }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; margin: 0.5rem 0 }
input, button { padding: 0.5rem }
[role=alert] { border-left: 4px solid; padding-left: 1rem }`;

/** Allows no script. The form is sent to its own address. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The words of a page in the reader's language. */
interface Worded {
  readonly locale: string;
  readonly words: PageWords;
  /** The label of the field that the user fills in, besides the token. */
  readonly label?: string;
  readonly refusals: WordsOfPages['refusals'];
}

/** A page, and what its form does. */
interface LinkPage {
  readonly path: string;
  readonly wordsIn: (texts: WordsOfPages) => Worded;
  act(application: Application, caller: Anyone, form: Fields): Promise<void>;
}

const pages: readonly LinkPage[] = [
  {
    path: '/reset-password',
    wordsIn: ({ pages: { 'reset-password': words }, ...rest }) => ({ ...rest, words, label: words.newPassword }),
    act: (application, caller, { token, new_password: newPassword }) =>
      application.resetPassword.attempt(caller, { token, newPassword }),
  },
  {
    path: '/verify-email',
    wordsIn: ({ pages: { 'verify-email': words }, ...rest }) => ({ ...rest, words }),
    act: (application, caller, { token }) => application.verifyEmail.attempt(caller, { token }),
  },
];

/**
 * The pages that mailed links lead to, in the language that the browser prefers. Opening a page does not use the link
 * up, since mail scanners open links too. Only sending the form does.
 */
export function linkPageEndpoints(application: Application, answers: ErrorAnswers): readonly Endpoint[] {
  const { mails } = application.policy;
  const wordedFor = ({ wordsIn }: LinkPage, { locales = [] }: Anyone) =>
    wordsIn(mails.pageWordsOf(mails.localeFor(locales) ?? mails.defaultLocale));
  return pages.flatMap(
    (page) =>
      [
        {
          method: 'GET',
          path: page.path,
          answer(request) {
            const { token } = parseQuery(request.query);
            const worded = wordedFor(page, originOf(request));
            return show(200, worded, form(page, worded, typeof token === 'string' ? token : ''));
          },
        },
        {
          method: 'POST',
          path: page.path,
          async answer(request) {
            const caller = originOf(request);
            const worded = wordedFor(page, caller);
            const parseBody = await receiveBody(request, 'form');
            let sent: Fields = {};
            try {
              sent = await parseBody();
              await page.act(application, caller, sent);
              return show(200, worded, `<p role="status">${escapeHtml(worded.words.done)}</p>`);
            } catch (error) {
              if (!isSallyportError(error)) throw error;
              logOutage(error, request.requestId, answers.log);
              const status = answers.types[error.code]?.status;
              if (status === undefined) throw error;
              return show(status, worded, refusal(page, worded, error, sent['token']), retryHeaders(error));
            }
          },
        },
      ] satisfies Endpoint[],
  );
}

/** What a page says for an error, with the form again if another try may help. */
function refusal(page: LinkPage, worded: Worded, error: SallyportError, token: unknown): string {
  const passwordIssues = error.issues.filter(({ path }) => path[0] === 'newPassword');
  const sentences = passwordIssues.length > 0 ? passwordIssues.map(({ message }) => message) : [error.message];
  const words = sentences.map((sentence) => escapeHtml(worded.refusals[sentence] ?? sentence));
  const alert = `<p role="alert">${words.join('<br>')}</p>`;
  const mayTryAgain = passwordIssues.length > 0 || ['rate_limited', 'unavailable'].includes(error.code);
  return mayTryAgain && typeof token === 'string' ? alert + form(page, worded, token) : alert;
}

function form({ path }: LinkPage, { words, label }: Worded, token: string): string {
  const password =
    label === undefined
      ? ''
      : `<label for="new_password">${escapeHtml(label)}</label>
<input id="new_password" name="new_password" type="password" autocomplete="new-password" required autofocus>`;
  return `<form method="post" action="${path.slice(1)}">
<input type="hidden" name="token" value="${escapeHtml(token)}">
${password}
<button>${escapeHtml(words.button)}</button>
</form>`;
}

function show(
  status: number,
  { locale, words }: Worded,
  content: string,
  headers: ApiResponse['headers'] = {},
): ApiResponse {
  const title = escapeHtml(words.title);
  return {
    status,
    headers: {
      ...headers,
      ...notStored,
      'Content-Language': locale,
      'Content-Security-Policy': contentSecurityPolicy,
      'Content-Type': 'text/html; charset=utf-8',
    },
    body: `<!doctype html>
<html lang="${escapeHtml(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
${content}
</body>
</html>
`,
  };
}
