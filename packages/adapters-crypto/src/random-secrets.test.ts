import { expect, it } from 'vitest';
import { RandomSecrets } from './random-secrets.ts';

it('makes session ids of 128 bits in base64url, no two alike', () => {
  const secrets = new RandomSecrets();
  const ids = Array.from({ length: 1000 }, () => secrets.sessionId());
  expect(ids.filter((id) => !/^[A-Za-z0-9_-]{22}$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(1000);
});
