import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { careful, laxVerifiers, type Trusted, type Verifier } from '../../test/lax-verifiers.ts';
import { genuineToken, type HostileToken, hostileTokens, tokenForge } from './index.ts';

const signingKey = generateKeyPairSync('ed25519').privateKey;
const now = new Date('2026-03-01T12:00:00Z');
const trusted: Trusted = {
  issuer: 'https://accounts.example',
  audience: 'https://api.example',
  publicKey: createPublicKey(signingKey),
  now,
};
const options = { ...trusted, signingKey, kid: 'key-1' };
const corpus = hostileTokens(options);

/** The hostile tokens that a verifier accepts. */
async function acceptedBy(verifier: Verifier): Promise<readonly HostileToken[]> {
  const accepts = async ({ token }: HostileToken) => {
    try {
      return await verifier(token, trusted);
    } catch {
      return false;
    }
  };
  const verdicts = await Promise.all(corpus.map(accepts));
  return corpus.filter((_, index) => verdicts[index]);
}

describe('The hostile tokens', () => {
  it('have names of their own, and say why and by which source they are refused', () => {
    expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
    expect(new Set(corpus.map(({ kind }) => kind))).toEqual(
      new Set(['forged', 'misused', 'irregular', 'malformed'] satisfies HostileToken['kind'][]),
    );
    for (const { why, source } of corpus) {
      expect(why).toMatch(/^[A-Z].*\.$/);
      expect(source).toMatch(/RFC \d{4}/);
    }
  });

  it('differ from the genuine token and from each other', () => {
    const tokens = [...corpus.map(({ token }) => token), genuineToken(options)];
    expect(new Set(tokens).size).toBe(tokens.length);
  });

  it('can be sent in a header, by any client', () => {
    for (const { token } of corpus) {
      expect(() => new Headers({ authorization: `Bearer ${token}` })).not.toThrow();
      expect(token.length).toBeLessThanOrEqual(12_000);
    }
  });

  it('are refused by a careful verifier, unless they are merely irregular', async () => {
    const accepted = await acceptedBy(careful);
    expect(accepted.filter(({ kind }) => kind !== 'irregular')).toEqual([]);
    expect(accepted.map(({ name }) => name)).toContain('changed unused bits at the end');
  });

  it.each(laxVerifiers)('catch a verifier that %s: it accepts %s', async (_fault, shownBy, verifier) => {
    expect(await verifier(genuineToken(options), trusted)).toBe(true);
    expect((await acceptedBy(verifier)).map(({ name }) => name)).toContain(shownBy);
  });
});

describe('The forge', () => {
  it.each([
    ['EdDSA', generateKeyPairSync('ed25519').privateKey],
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['ES384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
    ['ES512', generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ])('signs with %s, and so do the hostile tokens', async (alg, key) => {
    const verifier = { ...trusted, publicKey: createPublicKey(key) };
    const { jwtVerify } = await import('jose');
    const verified = await jwtVerify(genuineToken({ ...options, signingKey: key }), verifier.publicKey, {
      algorithms: [alg],
      currentDate: now,
    });
    expect(verified.protectedHeader).toEqual({ alg, kid: 'key-1', typ: 'at+jwt' });
    const names = (tokens: readonly HostileToken[]) => tokens.map(({ name }) => name);
    expect(names(hostileTokens({ ...options, signingKey: key }))).toEqual(names(corpus));
  });

  it('reads the key as a JWK', () => {
    const jwk = signingKey.export({ format: 'jwk' });
    expect(genuineToken({ ...options, signingKey: jwk, claims: { jti: '1' } })).toBe(
      genuineToken({ ...options, claims: { jti: '1' } }),
    );
  });

  it('refuses a key that cannot sign, or signs in another way', () => {
    expect(() => tokenForge({ ...options, signingKey: trusted.publicKey })).toThrow(TypeError);
    const other = generateKeyPairSync('x25519').privateKey;
    expect(() => tokenForge({ ...options, signingKey: other })).toThrow(TypeError);
  });
});
