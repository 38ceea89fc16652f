import { describe, expect, it } from 'vitest';
import { fromDriver } from './sql-error.ts';

describe('an error of the driver', () => {
  it.each(['EPIPE', 'EROFS', 'ECONNRESET', undefined])('is unavailable if the connection failed with %s', (code) => {
    const error = Object.assign(new Error('write failed'), { code });
    expect(fromDriver(error)).toMatchObject({ code: 'unavailable', cause: { message: 'write failed' } });
  });
});
