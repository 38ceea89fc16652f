import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { Answer } from './start-server.ts';

/** The element that states an error, and gets the focus. */
export const alert = (text: string) => `<p role="alert" id="error" tabindex="-1" autofocus>${text}</p>`;

const hashOf = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/** Every page, whatever it says: no script but its own, no frame, no trace of the token elsewhere. */
export function expectPage({ status, headers, body }: Answer, expected: number): string {
  expect([status, headers.get('Content-Type')]).toEqual([expected, 'text/html; charset=utf-8']);
  expect(headers.get('Cache-Control')).toBe('no-store');
  expect(headers.get('Referrer-Policy')).toBe('strict-origin');
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  const policy = (headers.get('Content-Security-Policy') ?? '').split('; ');
  expect(policy).toEqual(
    expect.arrayContaining(["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"]),
  );
  const scripts = [...String(body).matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => hashOf(script ?? ''));
  const allowed = policy.filter((directive) => directive.startsWith('script-src'));
  expect(allowed).toEqual(scripts.map((hash) => `script-src '${hash}'`));
  expect(policy.join()).not.toMatch(/unsafe|\*/);
  expect(body).toMatch(/^<!doctype html>/);
  expect(body).not.toMatch(/<script[^>]|\son\w+=|https?:|src=/i);
  return body;
}
