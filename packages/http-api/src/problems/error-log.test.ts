import { describe, expect, it } from 'vitest';
import { apiRequest, testApi } from '../../test/api.ts';
import { createMetadataApi, type ErrorLog } from '../index.ts';

const publicUrl = 'https://host.example';

describe('The log of an API', () => {
  it.each([undefined, null, {}, () => {}, { error: 'x' }])('is refused at the start if it is %o', (given) => {
    const log = given as unknown as ErrorLog;
    const sentence = 'The option log must have a function error, like console';
    expect(() => testApi({ log })).toThrow(sentence);
    expect(() => createMetadataApi({ publicUrl, log })).toThrow(sentence);
  });

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('that %s leaves each failure answered', async (_, error) => {
    const { api, faults } = testApi({ log: { error } });
    faults.fail('keyRing.publicKeys', new Error('boom'));
    expect(await api.answer(apiRequest('GET /.well-known/jwks.json'))).toMatchObject({ status: 500 });
    await new Promise(setImmediate);
  });

  it('is called as a method', async () => {
    class Log implements ErrorLog {
      readonly #errors: unknown[] = [];
      error(error: unknown): void {
        this.#errors.push(error);
      }
      get errors(): readonly unknown[] {
        return this.#errors;
      }
    }
    const log = new Log();
    const { api, faults } = testApi({ log });
    const failure = new Error('boom');
    faults.fail('keyRing.publicKeys', failure);
    await api.answer(apiRequest('GET /.well-known/jwks.json'));
    expect(log.errors).toEqual([failure]);
  });
});
