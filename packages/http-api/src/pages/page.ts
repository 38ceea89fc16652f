import { createHash } from 'node:crypto';
import escapeHtml from 'escape-html';
import { type ApiResponse, notStored } from '../messages.ts';
import type { Brand } from './brand.ts';
import { directionOf } from './direction.ts';
import { pageStyle } from './style.ts';

/** A page in one language. */
export interface Page {
  readonly status: number;
  readonly locale: string;
  /** The heading. */
  readonly heading: string;
  /** The title of the window, if it differs from the heading. */
  readonly title?: string | undefined;
  /** HTML. */
  readonly content: string;
  /** A script that makes the page more convenient. The page must work without it. */
  readonly script?: string | undefined;
  readonly headers?: ApiResponse['headers'] | undefined;
}

/** Makes the answer that shows a page. */
export type ShowPage = (page: Page) => ApiResponse;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * The pages of this brand. They are not stored, because they may contain a token. Their address may contain one too, so
 * they tell no more than their origin. With `no-referrer`, browsers would send their forms with `Origin: null` (Fetch
 * Standard, "append a request Origin header").
 */
export function pagesOf(brand: Brand): ShowPage {
  const style = pageStyle(brand);
  const styleHash = hashOf(style);
  const banner = brand.name === undefined ? '' : `<header>${escapeHtml(brand.name)}</header>\n`;
  return ({ status, locale, heading, title = heading, content, script, headers = {} }) => ({
    status,
    headers: {
      ...headers,
      ...notStored,
      'Content-Language': locale,
      'Content-Security-Policy': contentSecurityPolicy(styleHash, script),
      'Content-Type': 'text/html; charset=utf-8',
      'Referrer-Policy': 'strict-origin',
    },
    body: `<!doctype html>
<html lang="${escapeHtml(locale)}" dir="${directionOf(locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(brand.name === undefined ? title : `${title} – ${brand.name}`)}</title>
<style>${style}</style>
</head>
<body>
${banner}<main>
<h1>${escapeHtml(heading)}</h1>
${content}
</main>
${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`,
  });
}

/** Allows the style and the script of the page, and nothing else. The form is sent to its own address. */
function contentSecurityPolicy(styleHash: string, script: string | undefined): string {
  return [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`]),
    `style-src ${styleHash}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
