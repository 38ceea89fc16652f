import { describe, expect, it } from 'vitest';
import { json, problem } from '../test/fake-api.ts';
import { ApiError, isApiError } from './api-error.ts';
import { resultOf } from './response.ts';

async function outcome(response: Response, operation = 'getProfile'): Promise<any> {
  const { status, headers } = response;
  const arrived = { status, headers, text: await response.text() };
  try {
    return resultOf(operation, arrived);
  } catch (error) {
    return error;
  }
}

describe('a response', () => {
  it('is its JSON, or nothing if it is empty', async () => {
    expect(await outcome(json({ id: 1 }, 201))).toEqual({ id: 1 });
    expect(await outcome(new Response(null, { status: 204 }))).toBeUndefined();
    expect(await outcome(new Response('', { status: 202 }))).toBeUndefined();
  });

  it('that refuses is an error with all that the problem says', async () => {
    const body = { errors: [{ pointer: '/password', detail: 'Must be longer' }], detail: 'password: Must be longer' };
    const type = 'urn:sallyport:problem:validation_failed';
    const error = await outcome(json({ ...body, type, instance: 'r1' }, 422, { 'Retry-After': '7' }));
    expect(error).toBeInstanceOf(ApiError);
    expect({ ...error, message: error.message }).toEqual({
      name: 'ApiError',
      code: 'validation_failed',
      operation: 'getProfile',
      status: 422,
      detail: 'password: Must be longer',
      message: 'password: Must be longer',
      issues: [{ pointer: '/password', detail: 'Must be longer' }],
      requestId: 'r1',
      retryAfter: 7,
    });
    expect([isApiError(error), isApiError(error, 'validation_failed'), isApiError(error, 'email_taken')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(isApiError(new Error('validation_failed'))).toBe(false);
  });

  it('of an OAuth endpoint is an error with its code', async () => {
    const body = { error: 'invalid_grant', error_description: 'Invalid credentials', detail: 'Invalid credentials' };
    expect(await outcome(json(body, 401))).toMatchObject({ code: 'invalid_grant', detail: 'Invalid credentials' });
  });

  it('says when to try again, in seconds, also if the server names a moment', async () => {
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    const { retryAfter } = await outcome(problem('unavailable', 503, { 'Retry-After': inAMinute }));
    expect(retryAfter).toBeGreaterThan(50);
    expect(retryAfter).toBeLessThan(70);
    expect((await outcome(problem('unavailable', 503, { 'Retry-After': 'soon' }))).retryAfter).toBeUndefined();
  });

  it.each([
    ['HTML with a status of success', new Response('<html>', { headers: { 'Content-Type': 'text/html' } }), 200],
    ['HTML with a status of failure', new Response('<html>', { status: 502 }), 502],
    ['JSON of something else', json({ error: { code: 1 } }, 404), 404],
    ['JSON that is cut off', new Response('{"id":', { headers: { 'Content-Type': 'application/json' } }), 200],
    ['a problem of something else', json({ type: 'about:blank' }, 400), 400],
  ])('that is %s was not expected', async (_, response, status) => {
    expect(await outcome(response)).toMatchObject({ code: 'unexpected_response', status, issues: [] });
  });
});
