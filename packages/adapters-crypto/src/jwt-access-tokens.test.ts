import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { JwtAccessTokens } from './jwt-access-tokens.ts';
import type { SigningKey, SigningKeys, VerificationKey } from './signing-keys.ts';
import { hostileTokens, tokenForge } from './testing/index.ts';

const issuer = 'https://accounts.example';
const audience = 'https://api.example';
const lifetime = 900;
const maxLifetime = 1800;
const now = new Date('2026-03-01T12:00:00.250Z');
const seconds = Math.floor(now.getTime() / 1000);
const claims = { userId: 42, sessionId: 'AbCdEfGhIjKlMnOpQrSt_-' };
const kid = 'k'.repeat(43);

const own = generateKeyPairSync('ed25519').privateKey;
const keys = await keysOf(own, 'EdDSA');
const tokens = new JwtAccessTokens({ issuer, audience, keys, lifetime, maxLifetime });
const token = await tokens.issue(claims, { issuedAt: now, expiresAt: new Date(now.getTime() + 600_000) });
const [head = '', body = '', signature = ''] = token.split('.');

const options = {
  issuer,
  audience,
  signingKey: own,
  kid,
  now,
  claims: { client_id: 'sallyport', sid: claims.sessionId, sub: '42', jti: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6' },
};
const { header, payload, forge, foreign, withHeader, withClaims } = tokenForge(options);

async function keysOf(pair: KeyObject, alg: string): Promise<SigningKeys> {
  const privateKey = (await importJWK(pair.export({ format: 'jwk' }) as JWK, alg)) as CryptoKey;
  const publicKey = (await importJWK(createPublicKey(pair).export({ format: 'jwk' }) as JWK, alg)) as CryptoKey;
  const key: SigningKey & VerificationKey = { kid, alg, privateKey, publicKey };
  return { active: async () => key, find: async (id) => (id === kid ? key : undefined) };
}

const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());

type Row = readonly [what: string, token: string];
const refuses = (rows: readonly Row[]) =>
  it.each(rows)('refuses %s', async (_what, forged) => {
    expect(await tokens.verify(forged, now)).toBeUndefined();
  });

describe('issue', () => {
  it('writes the header and the claims of RFC 9068, in whole seconds', () => {
    expect(decoded(head)).toEqual(header);
    expect(decoded(body)).toEqual({ ...payload, jti: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  it('never writes the same token twice', async () => {
    const validity = { issuedAt: now, expiresAt: new Date(now.getTime() + 600_000) };
    expect(await tokens.issue(claims, validity)).not.toBe(await tokens.issue(claims, validity));
  });

  it('refuses to write a token that outlives the keys', async () => {
    const lasting = (time: number) => ({ issuedAt: now, expiresAt: new Date(now.getTime() + time * 1000) });
    expect(await tokens.issue(claims, lasting(lifetime))).toBeDefined();
    for (const time of [lifetime + 0.001, maxLifetime, Number.NaN]) {
      await expect(tokens.issue(claims, lasting(time))).rejects.toThrow(RangeError);
    }
  });
});

describe('verify', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('says what an issued token says', async () => {
    expect(await tokens.verify(token, now)).toMatchObject(claims);
  });

  it('accepts a forged token that differs in nothing', async () => {
    expect(await tokens.verify(forge(header), now)).toMatchObject(claims);
  });

  it.each<Row>([
    ['the greatest user id', withClaims({ sub: '999999999999999' })],
    ['a token that ends in a second', withClaims({ exp: seconds + 1 })],
    ['a token of the longest lifetime', withClaims({ exp: seconds + maxLifetime })],
    ['iat a minute ahead', withClaims({ iat: seconds + 60 })],
    ['nbf a minute ahead', withClaims({ nbf: seconds + 60 })],
  ])('accepts %s', async (_what, edge) => {
    expect(await tokens.verify(edge, now)).toBeDefined();
  });

  it('holds until its end, which is no part of it', async () => {
    const end = (seconds + 600) * 1000;
    expect(await tokens.verify(token, new Date(end - 1))).toMatchObject(claims);
    expect(await tokens.verify(token, new Date(end))).toBeUndefined();
  });

  describe('of a hostile token', () => {
    refuses(hostileTokens(options).map((hostile): Row => [hostile.name, hostile.token]));
  });

  describe('the algorithm', () => {
    refuses([['Ed25519, another name of ours', withHeader({ alg: 'Ed25519' })]]);

    it('is the one that the key is for, whatever the token says', async () => {
      const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
      const ofEs256 = new JwtAccessTokens({ issuer, audience, keys: await keysOf(ec, 'ES256'), lifetime, maxLifetime });
      const es256 = tokenForge({ ...options, signingKey: ec });
      expect(await ofEs256.verify(es256.forge(es256.header), now)).toMatchObject(claims);
      expect(await ofEs256.verify(es256.withHeader({ alg: 'EdDSA' }), now)).toBeUndefined();
      expect(await ofEs256.verify(token, now)).toBeUndefined();
      expect(await tokens.verify(withHeader({ alg: 'ES256' }), now)).toBeUndefined();
    });
  });

  describe('the header', () => {
    refuses([
      ['another kid, with our signature', withHeader({ kid: 'x'.repeat(43) })],
      ['the kid in capitals', withHeader({ kid: kid.toUpperCase() })],
      ['b64 true', withHeader({ b64: true, crit: ['b64'] })],
      ...['AT+JWT', 'application/at+jwt'].map((typ): Row => [`the typ ${typ}`, withHeader({ typ })]),
      ['white space', forge(`{"alg":"EdDSA", "kid":"${kid}","typ":"at+jwt"}`)],
    ]);

    it.each([
      ...['../../etc/passwd', "'; DROP TABLE users; --", '\0', 'k'.repeat(44)].map((id) => withHeader({ kid: id })),
      withHeader({ jku: 'https://evil.example' }),
      withHeader({ x5u: 'https://evil.example' }),
      `${token}.${body}.${signature}`,
    ])('is refused without a look-up of keys, here or elsewhere (%#)', async (forged) => {
      const fetch = vi.spyOn(globalThis, 'fetch');
      const find = vi.spyOn(keys, 'find');
      await tokens.verify(forged, now);
      expect(fetch).not.toHaveBeenCalled();
      expect(find).not.toHaveBeenCalled();
    });
  });

  describe('the spelling', () => {
    it('refuses every proper prefix of a token (GHSA-6mq3-xmgp-pjm5)', async () => {
      for (let length = 0; length < token.length; length += 1) {
        expect(await tokens.verify(token.slice(0, length), now)).toBeUndefined();
      }
    });

    refuses([
      ...[' ', '\t', '\n', '\r\n', '\0', '\u00a0', '\ufeff'].flatMap((space): Row[] => [
        [`${JSON.stringify(space)} before`, space + token],
        [`${JSON.stringify(space)} behind`, token + space],
        [`${JSON.stringify(space)} inside`, `${head}.${body.slice(0, 9)}${space}${body.slice(9)}.${signature}`],
        [
          `${JSON.stringify(space)} inside the signature`,
          `${head}.${body}.${signature.slice(0, 9)}${space}${signature.slice(9)}`,
        ],
      ]),
      ['an empty text', ''],
      ['an emoji', '🔑.🔑.🔑'],
      ['a lone surrogate', `${token}\ud800`],
      ['more than 4096 characters, though rightly signed', withClaims({ note: 'x'.repeat(3000) })],
      ['a megabyte of dots', '.'.repeat(1_000_000)],
    ]);

    it('accepts a claim more, up to 4096 characters', async () => {
      expect(await tokens.verify(withClaims({ note: 'x'.repeat(2500) }), now)).toMatchObject(claims);
    });
  });

  describe('the claims', () => {
    const wrong: Readonly<Record<string, readonly unknown[]>> = {
      exp: [seconds, seconds - 1, seconds + 600.5, seconds + maxLifetime + 1],
      iat: [seconds + 61, seconds - 0.5, null, seconds - maxLifetime, -1e308, 0],
      nbf: [seconds + 61, seconds - 0.5, 1e308],
      sub: [0, '0', '042', '-1', '4.2', '1e3', ' 42', '42\n', '٤٢', '1000000000000000'],
      sid: [
        null,
        1,
        '',
        'short',
        `${claims.sessionId}A`,
        `${claims.sessionId.slice(1)}=`,
        `${claims.sessionId}\n`,
        [claims.sessionId],
      ],
      // Other servers may be in the audience of a token by RFC 7519. This issuer writes no list.
      aud: [[audience], [audience, 'https://other.example']],
      client_id: ['other', '', null, ['sallyport']],
      jti: [null, ['x']],
    };

    refuses(
      Object.entries(wrong).flatMap(([name, values]) =>
        values.map((value): Row => [`${name} ${JSON.stringify(value)}`, withClaims({ [name]: value })]),
      ),
    );
    refuses([
      ['a token without sid', withClaims({ sid: undefined })],
      ['an iat that is not whole beside an nbf that is', withClaims({ iat: seconds - 0.5, nbf: seconds })],
      ['iat behind exp', withClaims({ iat: seconds + 30, exp: seconds + 20 })],
      ['iat at exp', withClaims({ iat: seconds + 30, exp: seconds + 30 })],
    ]);
  });

  it('believes nothing for the sake of a token that it believed before (CVE-2026-35039)', async () => {
    expect(await tokens.verify(token, now)).toMatchObject(claims);
    const other = forge(header, { ...payload, sub: '1' });
    const [, otherBody = '', otherSignature = ''] = other.split('.');
    const kin = [
      `${head}.${otherBody}.${signature}`,
      `${head}.${body}.${otherSignature}`,
      forge(header, { ...decoded(body), sub: '1' }, foreign.signed),
      forge(header, decoded(body), foreign.signed),
      `${token}${token}`,
      token.toUpperCase(),
      ` ${token}`,
    ];
    for (const forged of kin) expect(await tokens.verify(forged, now)).toBeUndefined();
    // Nor does it forget that a token ends, or whose another one is.
    expect(await tokens.verify(token, new Date(payload.exp * 1000))).toBeUndefined();
    expect(await tokens.verify(other, now)).toMatchObject({ userId: 1 });
    expect(await tokens.verify(token, now)).toMatchObject(claims);
  });

  it('passes on that the keys cannot be had, for that is no fault of the token (GHSA-8fpg-xm3f-6cx3)', async () => {
    const down = new Error('the store of keys is down');
    const find = () => Promise.reject(down);
    const withoutKeys = new JwtAccessTokens({ issuer, audience, keys: { ...keys, find }, lifetime, maxLifetime });
    await expect(withoutKeys.verify(token, now)).rejects.toBe(down);
    expect(await withoutKeys.verify('not a token', now)).toBeUndefined();
  });
});
