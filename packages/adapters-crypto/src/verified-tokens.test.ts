import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { JwtAccessTokens } from './jwt-access-tokens.ts';
import type { SigningKey, VerificationKey } from './signing-keys.ts';
import { VerifiedTokens } from './verified-tokens.ts';

const start = new Date('2026-03-01T12:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const claims = { userId: 42, sessionId: 'AbCdEfGhIjKlMnOpQrSt_-' };

async function newKey(kid = 'k'.repeat(43)): Promise<SigningKey & VerificationKey> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const imported = async (jwk: object) => (await importJWK(jwk as JWK, 'EdDSA')) as CryptoKey;
  return {
    kid,
    alg: 'EdDSA',
    privateKey: await imported(privateKey.export({ format: 'jwk' })),
    publicKey: await imported(createPublicKey(privateKey).export({ format: 'jwk' })),
  };
}

/** Access tokens of one key, which can be replaced, and a token that was verified once. */
async function verifiedOnce() {
  const key = await newKey();
  const state: { accepted: VerificationKey | undefined } = { accepted: key };
  const keys = { active: async () => key, find: async () => state.accepted };
  const options = { issuer: 'https://a.example', audience: 'https://a.example', keys, lifetime: 900 };
  const tokens = new JwtAccessTokens({ ...options, maxLifetime: 900 });
  const token = await tokens.issue(claims, { issuedAt: start, expiresAt: after(600) });
  expect(await tokens.verify(token, start)).toMatchObject(claims);
  const verifies = vi.spyOn(globalThis.crypto.subtle, 'verify');
  return { tokens, token, state, verifies };
}

describe('A token that was verified before', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('is accepted without another look at its signature', async () => {
    const { tokens, token, verifies } = await verifiedOnce();
    const { issuedAt, expiresAt } = (await tokens.verify(token, after(1))) ?? {};
    expect([issuedAt, expiresAt]).toEqual([start, after(600)]);
    expect(verifies).not.toHaveBeenCalled();
  });

  it('is refused from its end on, and before its time', async () => {
    const { tokens, token } = await verifiedOnce();
    expect(await tokens.verify(token, after(599.999))).toBeDefined();
    expect(await tokens.verify(token, after(600))).toBeUndefined();
    expect(await tokens.verify(token, after(-61))).toBeUndefined();
  });

  it('is refused once its key is no longer accepted', async () => {
    const { tokens, token, state } = await verifiedOnce();
    state.accepted = undefined;
    expect(await tokens.verify(token, start)).toBeUndefined();
  });

  it('is checked again when another key has the id of its own', async () => {
    const { tokens, token, state, verifies } = await verifiedOnce();
    state.accepted = await newKey();
    expect(await tokens.verify(token, start)).toBeUndefined();
    expect(verifies).toHaveBeenCalledTimes(1);
  });

  it('lends its result to no other token (fast-jwt CVE-2026-35039)', async () => {
    const { tokens, token } = await verifiedOnce();
    const [head = '', body = '', signature = ''] = token.split('.');
    const other = Buffer.from(JSON.stringify({ sub: '1' })).toString('base64url');
    const alike = [`${head}.${body}.`, `${head}.${other}.${signature}`, `.${body}.${signature}`, `${token} `];
    for (const forged of alike) expect(await tokens.verify(forged, start)).toBeUndefined();
  });

  it('is refused when the keys cannot be read', async () => {
    const { tokens, token, state } = await verifiedOnce();
    Object.defineProperty(state, 'accepted', {
      get() {
        throw new Error('no keys');
      },
    });
    await expect(tokens.verify(token, start)).rejects.toThrow('no keys');
  });

  it('gives no caller dates that another caller can change', async () => {
    const { tokens, token } = await verifiedOnce();
    (await tokens.verify(token, start))?.expiresAt.setFullYear(2100);
    expect((await tokens.verify(token, start))?.expiresAt).toEqual(after(600));
  });
});

describe('A token that was refused', () => {
  it('is verified once its time has come', async () => {
    const { tokens } = await verifiedOnce();
    const early = await tokens.issue(claims, { issuedAt: after(120), expiresAt: after(300) });
    expect(await tokens.verify(early, start)).toBeUndefined();
    expect(await tokens.verify(early, after(120))).toMatchObject(claims);
  });
});

describe('The memory of verified tokens', () => {
  it('holds ten thousand, and forgets the oldest first', async () => {
    const verified = { key: await newKey(), claims, iat: 0, validFrom: 0, exp: 1 };
    const tokens = new VerifiedTokens();
    for (let number = 0; number <= 10_000; number += 1) tokens.remember(`token ${number}`, verified);
    expect(tokens.find('token 0')).toBeUndefined();
    expect(tokens.find('token 1')).toBe(verified);
    expect(tokens.find('token 10000')).toBe(verified);
  });
});
