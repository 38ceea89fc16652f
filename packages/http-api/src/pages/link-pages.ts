import { createHash } from 'node:crypto';
import { parse as parseQuery } from 'node:querystring';
import { type Anyone, type Application, isSallyportError, type SallyportError } from '@sallyport/core';
import escapeHtml from 'escape-html';
import { type Fields, receiveBody } from '../body/body.ts';
import { originOf } from '../callers/bearer.ts';
import { type ApiResponse, notStored } from '../messages.ts';
import { type ErrorAnswers, logOutage } from '../problems/answer.ts';
import { retryHeaders } from '../problems/retry-headers.ts';
import type { Endpoint } from '../routes/path-table.ts';
import { pageTexts } from './texts.ts';

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

/** A page, and what its form does. */
interface LinkPage {
  readonly path: string;
  readonly texts: (typeof pageTexts)['resetPassword' | 'verifyEmail'];
  /** The fields that the user fills in, besides the token. */
  readonly fields: string;
  act(application: Application, caller: Anyone, form: Fields): Promise<void>;
}

const pages: readonly LinkPage[] = [
  {
    path: '/reset-password',
    texts: pageTexts.resetPassword,
    fields:
      `<label for="new_password">${pageTexts.resetPassword.newPassword}</label>\n` +
      '<input id="new_password" name="new_password" type="password" autocomplete="new-password" required autofocus>',
    act: (application, caller, { token, new_password: newPassword }) =>
      application.resetPassword.attempt(caller, { token, newPassword }),
  },
  {
    path: '/verify-email',
    texts: pageTexts.verifyEmail,
    fields: '',
    act: (application, caller, { token }) => application.verifyEmail.attempt(caller, { token }),
  },
];

/**
 * The pages that mailed links lead to. Opening a page does not use the link up, since mail scanners open links too. Only
 * sending the form does.
 */
export function linkPageEndpoints(application: Application, answers: ErrorAnswers): readonly Endpoint[] {
  return pages.flatMap(
    (page) =>
      [
        {
          method: 'GET',
          path: page.path,
          answer({ query }) {
            const { token } = parseQuery(query);
            return show(200, page, form(page, typeof token === 'string' ? token : ''));
          },
        },
        {
          method: 'POST',
          path: page.path,
          async answer(request) {
            const parseBody = await receiveBody(request, 'form');
            let sent: Fields = {};
            try {
              sent = await parseBody();
              await page.act(application, originOf(request), sent);
              return show(200, page, `<p role="status">${page.texts.done}</p>`);
            } catch (error) {
              if (!isSallyportError(error)) throw error;
              logOutage(error, request.requestId, answers.log);
              const status = answers.types[error.code]?.status;
              if (status === undefined) throw error;
              return show(status, page, refusal(page, error, sent['token']), retryHeaders(error));
            }
          },
        },
      ] satisfies Endpoint[],
  );
}

/** A page that states the error, with the form again if another try may help. */
function refusal(page: LinkPage, error: SallyportError, token: unknown): string {
  const passwordIssues = error.issues.filter(({ path }) => path[0] === 'newPassword');
  const words = passwordIssues.length > 0 ? passwordIssues.map(({ message }) => message) : [error.message];
  const alert = `<p role="alert">${words.map((message) => escapeHtml(message)).join('<br>')}</p>`;
  const mayTryAgain = passwordIssues.length > 0 || ['rate_limited', 'unavailable'].includes(error.code);
  return mayTryAgain && typeof token === 'string' ? alert + form(page, token) : alert;
}

function form({ fields, texts, path }: LinkPage, token: string): string {
  return `<form method="post" action="${path.slice(1)}">
<input type="hidden" name="token" value="${escapeHtml(token)}">
${fields}
<button>${texts.button}</button>
</form>`;
}

function show(status: number, { texts }: LinkPage, content: string, headers: ApiResponse['headers'] = {}): ApiResponse {
  return {
    status,
    headers: {
      ...headers,
      ...notStored,
      'Content-Security-Policy': contentSecurityPolicy,
      'Content-Type': 'text/html; charset=utf-8',
    },
    body: `<!doctype html>
<html lang="${pageTexts.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.title}</title>
<style>${style}</style>
</head>
<body>
<h1>${texts.title}</h1>
${content}
</body>
</html>
`,
  };
}
