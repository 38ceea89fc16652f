import { expect, it } from 'vitest';
import { RandomSecrets } from './random-secrets.ts';

const secretKey = 'the secret key of a deployment, long enough';
const secrets = new RandomSecrets({ secretKey });

it('makes session ids of 128 bits in base64url, no two alike', () => {
  const ids = Array.from({ length: 1000 }, () => secrets.sessionId());
  expect(ids.filter((id) => !/^[A-Za-z0-9_-]{22}$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(1000);
});

it('makes the same keyed digest on every node with the secret, whatever the previous one is, and no other does', () => {
  const digest = secrets.keyedDigest('ada@example.com');
  expect(digest).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(new RandomSecrets({ secretKey, previousSecretKey: 'x'.repeat(32) }).keyedDigest('ada@example.com')).toBe(
    digest,
  );
  expect(new RandomSecrets({ secretKey: 'x'.repeat(32) }).keyedDigest('ada@example.com')).not.toBe(digest);
  expect(secrets.digest('ada@example.com')).not.toBe(digest);
});

it('refuses a secret that could be guessed', () => {
  expect(() => new RandomSecrets({ secretKey: 'short' })).toThrow(RangeError);
});
