import { STATUS_CODES } from 'node:http';
import { describe, expect, it } from 'vitest';
import { HttpError } from './http-error.ts';
import { problemOf } from './problem.ts';
import { problemTypes, problemTypesWith } from './problem-types.ts';

describe('a problem', () => {
  it('has type, title, status, detail and the id of the request (RFC 9457)', () => {
    expect(problemOf(problemTypes, 'email_taken', 'Email already registered', 'r1')).toStrictEqual({
      type: 'urn:sallyport:problem:email_taken',
      title: 'E-mail taken',
      status: 400,
      detail: 'Email already registered',
      instance: 'r1',
    });
  });

  it('lists what is wrong with an input', () => {
    const errors = [{ pointer: '/age', detail: 'Must be a number' }];
    expect(problemOf(problemTypes, 'validation_failed', 'The input is invalid', 'r1', errors)).toMatchObject({
      status: 422,
      errors,
    });
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

  it('of a module is found by its code, beside those of the API', () => {
    const types = problemTypesWith([{ problems: { 'shop.sold_out': { status: 409, title: 'Sold out' } } }]);
    expect(problemOf(types, 'shop.sold_out', 'Nothing is left', 'r1')).toMatchObject({ status: 409 });
    expect(problemOf(types, 'email_taken', 'Email already registered', 'r1')).toMatchObject({ status: 400 });
  });

  it('cannot have two types', () => {
    const problems = { email_taken: { status: 409, title: 'Taken' } };
    expect(() => problemTypesWith([{ problems }])).toThrow('email_taken has two problem types');
  });
});
