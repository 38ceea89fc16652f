import { STATUS_CODES } from 'node:http';
import { describe, expect, it } from 'vitest';
import { HttpError, problemTypes, toProblem } from './problems.ts';

describe('a problem', () => {
  it('has type, title, status, detail and the id of the request (RFC 9457)', () => {
    expect(toProblem('email_taken', 'Email already registered', 'r1')).toStrictEqual({
      type: 'urn:sallyport:problem:email_taken',
      title: 'E-mail taken',
      status: 400,
      detail: 'Email already registered',
      instance: 'r1',
    });
  });

  it('lists what is wrong with an input', () => {
    const errors = [{ pointer: '/age', detail: 'Must be a number' }];
    expect(toProblem('validation_failed', 'The input is invalid', 'r1', errors)).toMatchObject({ status: 422, errors });
  });

  it.each(Object.entries(problemTypes))(
    '%s has a status of an error and a title of few words',
    (_, { status, title }) => {
      expect(STATUS_CODES).toHaveProperty(String(status));
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).toMatch(/^[A-Z][\w -]{3,30}$/);
    },
  );

  it('challenges who should prove who they are, and them alone (RFC 6750)', () => {
    const challenged = Object.entries(problemTypes).filter(([, { challenge }]) => challenge);
    expect(challenged.map(([code]) => code)).toEqual(['not_authenticated', 'invalid_token', 'user_no_longer_exists']);
    expect(challenged.every(([, { status }]) => status === 401)).toBe(true);
  });

  it('can be thrown', () => {
    const error = new HttpError('not_found', 'Not found');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'HttpError', code: 'not_found', message: 'Not found' });
  });
});
