import { createHash } from 'node:crypto';
import escapeHtml from 'escape-html';
import { type ApiResponse, notStored } from '../messages.ts';

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

/** A page in one language. */
export interface Page {
  readonly status: number;
  readonly locale: string;
  readonly title: string;
  /** HTML. */
  readonly content: string;
  readonly headers?: ApiResponse['headers'];
}

/**
 * The answer that shows a page. It is not stored, because it may contain a token. Its address may contain one too, so
 * the page tells no more than its origin. With `no-referrer`, browsers would send its form with `Origin: null` (Fetch
 * Standard, "append a request Origin header").
 */
export function showPage({ status, locale, title, content, headers = {} }: Page): ApiResponse {
  const escapedTitle = escapeHtml(title);
  return {
    status,
    headers: {
      ...headers,
      ...notStored,
      'Content-Language': locale,
      'Content-Security-Policy': contentSecurityPolicy,
      'Content-Type': 'text/html; charset=utf-8',
      'Referrer-Policy': 'strict-origin',
    },
    body: `<!doctype html>
<html lang="${escapeHtml(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapedTitle}</title>
<style>${style}</style>
</head>
<body>
<h1>${escapedTitle}</h1>
${content}
</body>
</html>
`,
  };
}
