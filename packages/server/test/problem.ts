import { expect } from 'vitest';
import type { Answer } from './start-server.ts';

/** The status and text of a refusal, which must be whole and in the one shape of all of them (RFC 9457). */
export function problemOf({ status, headers, body }: Answer): [status: number, detail: string] {
  expect(body).toEqual({
    type: expect.stringMatching(/^urn:sallyport:problem:[a-z_]+$/),
    title: expect.stringMatching(/^[A-Z]/),
    status,
    detail: expect.any(String),
    instance: headers.get('X-Request-Id'),
    ...(status === 422 && { errors: expect.any(Array) }),
  });
  expect(headers.get('Content-Type')).toBe('application/problem+json');
  expect(headers.get('Cache-Control')).toBe('no-store');
  return [status, body.detail];
}

/** What a 422 says of each field, by its pointer. */
export function invalidOf(answer: Answer): Record<string, string> {
  const { errors } = answer.body;
  const [first] = errors;
  const stated =
    first.pointer === '' ? first.detail : `${first.pointer.slice(1).replaceAll('/', '.')}: ${first.detail}`;
  expect(problemOf(answer)).toEqual([422, stated]);
  const byPointer: Record<string, string> = {};
  for (const { pointer, detail, ...rest } of errors) {
    expect([rest, byPointer]).toEqual([{}, expect.not.objectContaining({ [pointer]: expect.anything() })]);
    byPointer[pointer] = detail;
  }
  return byPointer;
}

/** The text of a 401 for want of a token, or of this token, with the challenge that must go with it (RFC 6750, section 3). */
export function challengeOf(answer: Answer): string {
  const [status, detail] = problemOf(answer);
  const challenge = detail === 'Not authenticated' ? 'Bearer' : 'Bearer error="invalid_token"';
  expect([status, answer.headers.get('WWW-Authenticate')]).toEqual([401, challenge]);
  return detail;
}
