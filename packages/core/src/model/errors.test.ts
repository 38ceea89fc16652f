import { describe, expect, it, vi } from 'vitest';
import { isSallyportError, SallyportError, type SallyportErrorCode, type ValidationIssue } from './errors.ts';

/** This module once more, as a second copy of the package would load it. */
async function anotherCopy() {
  vi.resetModules();
  return import('./errors.ts');
}

describe('SallyportError', () => {
  // Clients show these sentences and compare them: they are as much a promise as the codes.
  it.each<[SallyportErrorCode, string]>([
    ['validation_failed', 'The input is invalid'],
    ['email_taken', 'Email already registered'],
    ['external_id_taken', 'External id already in use'],
    ['password_already_set', 'The account already has a password'],
    ['registration_closed', 'Registration is closed'],
    ['email_not_verified', 'Email is not verified'],
    ['invalid_credentials', 'Invalid email or password'],
    ['current_password_incorrect', 'Current password is incorrect'],
    ['account_deactivated', 'Account is deactivated'],
    ['not_authenticated', 'Not authenticated'],
    ['invalid_token', 'Invalid or expired token'],
    ['invalid_refresh_token', 'Invalid or expired refresh token'],
    ['invalid_one_time_token', 'Invalid or expired token'],
    ['user_no_longer_exists', 'User no longer exists'],
    ['admin_required', 'Admin access required'],
    ['role_required', 'Your role does not allow this'],
    ['system_required', 'Only the system may do this'],
    ['last_admin', 'The last active admin cannot be removed'],
    ['user_not_found', 'User not found'],
    ['session_not_found', 'Session not found'],
    ['rate_limited', 'Too many attempts, try again later'],
    ['unavailable', 'The service is temporarily unavailable'],
  ])('of code %s says: %s', (code, message) => {
    const error = new SallyportError(code);
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.message]).toEqual(['SallyportError', code, message]);
  });

  it('carries nothing that it was not given', () => {
    const error = new SallyportError('unavailable');
    expect(error.issues).toEqual([]);
    expect(error.retryAfter).toBeUndefined();
    expect('cause' in error).toBe(false);
  });

  it('carries issues, a time to wait and a cause', () => {
    const issues = [{ path: ['name'], message: 'Field required' }];
    const cause = new Error('connection refused');
    const error = new SallyportError('unavailable', { issues, retryAfter: 2, cause });
    expect(error).toMatchObject({ issues, retryAfter: 2, cause });
  });

  it('states the first issue of an input, and where it is', () => {
    const messageOf = (...issues: readonly ValidationIssue[]) =>
      new SallyportError('validation_failed', { issues }).message;
    const short = { path: ['password'], message: 'Must be at least 8 characters' };
    expect(messageOf(short, { path: ['name'], message: 'Field required' })).toBe(
      'password: Must be at least 8 characters',
    );
    expect(messageOf({ path: [], message: 'Must be an object' })).toBe('Must be an object');
    expect(messageOf({ path: ['keys', 0], message: 'Must be a string' })).toBe('keys.0: Must be a string');
  });

  it('keeps its cause out of the message', () => {
    const error = new SallyportError('unavailable', { cause: new Error('postgres://app:hunter2@db') });
    expect(error.message).toBe('The service is temporarily unavailable');
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });

  it('shows no trace of its brand to those who list its properties', () => {
    expect(Object.getOwnPropertySymbols({ ...new SallyportError('unavailable') })).toEqual([]);
  });
});

describe('isSallyportError', () => {
  it('knows an error of this package', () => {
    expect(isSallyportError(new SallyportError('email_taken'))).toBe(true);
  });

  it('knows an error of another copy of this package, and that copy knows ours', async () => {
    const copy = await anotherCopy();
    const foreign = new copy.SallyportError('email_taken');
    expect(foreign).not.toBeInstanceOf(SallyportError);
    expect(isSallyportError(foreign)).toBe(true);
    expect(copy.isSallyportError(new SallyportError('email_taken'))).toBe(true);
  });

  it('knows an error of another version by the symbol on which all of them agreed', () => {
    const brand = Symbol.for('@sallyport/core/SallyportError');
    expect(isSallyportError({ [brand]: true })).toBe(true);
    expect(Reflect.get(new SallyportError('unavailable'), brand)).toBe(true);
  });

  it('knows an error of another copy behind one of ours', async () => {
    const copy = await anotherCopy();
    const { cause } = new SallyportError('unavailable', { cause: new copy.SallyportError('email_taken') });
    expect(isSallyportError(cause) && cause.code).toBe('email_taken');
  });

  it.each([undefined, null, 'email_taken', 7, {}, { code: 'email_taken', name: 'SallyportError' }, new Error('no')])(
    'does not take %o for one',
    (value) => {
      expect(isSallyportError(value)).toBe(false);
    },
  );
});
