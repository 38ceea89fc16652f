import { calculateJwkThumbprint, exportJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { derivedSigningKeys } from './signing-keys.ts';

const secret = 'a secret key of thirty-two bytes';

describe('derivedSigningKeys', () => {
  it('makes the same key of the same secret, today and after an upgrade', async () => {
    const { kid, alg } = await derivedSigningKeys(secret).active();
    expect({ kid, alg }).toEqual({ kid: '2tTlgGxRpKyNa27jTYPbB6_VzQR1SJ07cL8Y0v7lhEc', alg: 'EdDSA' });
    expect(await derivedSigningKeys(Buffer.from(secret)).active()).toMatchObject({ kid });
  });

  it('makes another key of another secret', async () => {
    const [one, other] = [derivedSigningKeys(secret), derivedSigningKeys(`${secret}.`)];
    expect((await other.active()).kid).not.toBe((await one.active()).kid);
  });

  it('makes the key once', async () => {
    const keys = derivedSigningKeys(secret);
    const [one, other] = await Promise.all([keys.active(), keys.active()]);
    expect(other).toBe(one);
  });

  it('finds the public half by its thumbprint, and nothing else', async () => {
    const keys = derivedSigningKeys(secret);
    const { kid } = await keys.active();
    const key = await keys.find(kid);
    expect(key && (await calculateJwkThumbprint(await exportJWK(key.publicKey)))).toBe(kid);
    for (const other of ['', `${kid} `, kid.toUpperCase(), '__proto__', 'active']) {
      expect(await keys.find(other)).toBeUndefined();
    }
  });

  it('keeps the private half to itself', async () => {
    const { privateKey } = await derivedSigningKeys(secret).active();
    expect(privateKey.extractable).toBe(false);
  });

  it.each(['', 'x'.repeat(31), new Uint8Array(31)])('refuses a secret that is too short (%#)', (short) => {
    expect(() => derivedSigningKeys(short)).toThrow(new RangeError('The secret key must have at least 32 bytes'));
  });
});
