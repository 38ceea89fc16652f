import { SallyportError } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { jsonOf } from '../../test/api.ts';
import { toProblem } from './answer.ts';

describe('toProblem', () => {
  it('answers an error of a use case in a route of the host', () => {
    const error = new SallyportError('rate_limited', { retryAfter: 2.5, quota: { attempts: 5, seconds: 60 } });
    const { status, headers, body } = toProblem(error, 'r2');
    expect([status, headers['Retry-After'], headers['Content-Type']]).toEqual([429, '3', 'application/problem+json']);
    expect(JSON.parse(String(body))).toMatchObject({ status: 429, instance: 'r2' });
  });

  it.each([new Error('the cause'), 'text', undefined, { code: 'email_taken' }])('reveals nothing of %o', (error) => {
    expect(jsonOf(toProblem(error, 'r2'))).toMatchObject({ status: 500, detail: 'Something went wrong' });
  });

  it('knows the codes of modules that it is given, and no others', () => {
    const error = Object.assign(new SallyportError('last_admin'), { code: 'shop.sold_out' });
    const problems = { 'shop.sold_out': { status: 409, title: 'Sold out' } };
    expect(toProblem(error, 'r2').status).toBe(500);
    expect(toProblem(error, 'r2', [{ problems }]).status).toBe(409);
  });
});
