import { createHash } from 'node:crypto';
import type Router from '@koa/router';
import { type Application, isSallyportError, type SallyportError } from '@sallyport/core';
import escapeHtml from 'escape-html';
import { readBody } from './body.ts';
import type { Context, State } from './context.ts';
import { logOutage } from './error-answers.ts';
import { problemTypes } from './problems.ts';
import type { HttpLog } from './request-log.ts';
import { tellWhenToRetry } from './retry-headers.ts';

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

/** The texts and the action of a page. */
interface LinkPage {
  readonly path: string;
  readonly title: string;
  /** The fields that the user fills in, besides the token. */
  readonly fields: string;
  readonly button: string;
  readonly done: string;
  act(application: Application, ctx: Context, form: Readonly<Record<string, unknown>>): Promise<void>;
}

const pages: readonly LinkPage[] = [
  {
    path: '/reset-password',
    title: 'Choose a new password',
    fields:
      '<label for="new_password">New password</label>\n' +
      '<input id="new_password" name="new_password" type="password" autocomplete="new-password" required autofocus>',
    button: 'Set this password',
    done: 'Your password is changed, and every session has ended. You can log in with the new one.',
    act: (application, { state }, { token, new_password: newPassword }) =>
      application.resetPassword.execute(state.caller, { token: token as string, newPassword: newPassword as string }),
  },
  {
    path: '/verify-email',
    title: 'Confirm your e-mail address',
    fields: '',
    button: 'Confirm',
    done: 'Your address is confirmed. You can close this page.',
    act: (application, { state }, { token }) =>
      application.verifyEmail.execute(state.caller, { token: token as string }),
  },
];

/**
 * Serves the pages that mailed links lead to. Opening a page does not use the link up, since mail scanners open links
 * too. Only sending the form does.
 */
export function addLinkPages(router: Router<State>, application: Application, log: HttpLog): void {
  for (const page of pages) {
    router.get(page.path, (ctx) => {
      const { token } = ctx.query;
      show(ctx, 200, page, form(page, typeof token === 'string' ? token : ''));
    });
    router.post(page.path, readBody('form'), async (ctx) => {
      let sent: Readonly<Record<string, unknown>> = {};
      try {
        sent = (await ctx.state.body?.()) ?? {};
        await page.act(application, ctx, sent);
        show(ctx, 200, page, `<p role="status">${page.done}</p>`);
      } catch (error) {
        if (!isSallyportError(error)) throw error;
        tellWhenToRetry(ctx, error);
        logOutage(ctx, error, log);
        show(ctx, problemTypes[error.code].status, page, refusal(page, error, sent['token']));
      }
    });
  }
}

/** A page that states the error, with the form again if another try may help. */
function refusal(page: LinkPage, error: SallyportError, token: unknown): string {
  const passwordIssues = error.issues.filter(({ path }) => path[0] === 'newPassword');
  const words = passwordIssues.length > 0 ? passwordIssues.map(({ message }) => message) : [error.message];
  const alert = `<p role="alert">${words.map((message) => escapeHtml(message)).join('<br>')}</p>`;
  const mayTryAgain = passwordIssues.length > 0 || ['rate_limited', 'unavailable'].includes(error.code);
  return mayTryAgain && typeof token === 'string' ? alert + form(page, token) : alert;
}

function form({ fields, button, path }: LinkPage, token: string): string {
  return `<form method="post" action="${path.slice(1)}">
<input type="hidden" name="token" value="${escapeHtml(token)}">
${fields}
<button>${button}</button>
</form>`;
}

function show(ctx: Context, status: number, { path, title }: LinkPage, content: string): void {
  ctx.state.route = path;
  ctx.status = status;
  ctx.type = 'text/html';
  ctx.set('Content-Security-Policy', contentSecurityPolicy);
  ctx.set('Cache-Control', 'no-store');
  ctx.body = `<!doctype html>
<html lang="en">
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
`;
}
