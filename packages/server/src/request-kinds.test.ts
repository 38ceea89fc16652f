import { describe, expect, it } from 'vitest';
import { isHealthCheck, isLivenessCheck, kindOf } from './request-kinds.ts';

const paths = ['/health/live', '/health/live?a', '/health/ready', '/health/live/', '/posts?/health/live', '/'];

describe('a request', () => {
  it('skips the queue only if it asks for liveness', () => {
    expect(paths.filter((url) => isLivenessCheck({ url }))).toEqual(['/health/live', '/health/live?a']);
  });

  it('is a health check for either route', () => {
    expect(paths.filter((url) => isHealthCheck({ url }))).toEqual(paths.slice(0, 4));
  });

  it.each([
    ['/health/ready', 'Bearer token', 'health'],
    ['/users/me', 'Bearer token', 'member'],
    ['/users/me', undefined, 'anyone'],
    ['/auth/login', 'Bearer token', 'anyone'],
    ['/auth/login', undefined, 'anyone'],
  ])('for %s with the authorization %s takes the turns of the kind %s', (url, authorization, kind) => {
    expect(kindOf({ url, headers: { authorization } })).toBe(kind);
  });
});
