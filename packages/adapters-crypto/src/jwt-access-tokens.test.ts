import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { JwtAccessTokens } from './jwt-access-tokens.ts';
import type { SigningKey, SigningKeys, VerificationKey } from './signing-keys.ts';

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

const header = { alg: 'EdDSA', kid, typ: 'at+jwt' };
const payload = {
  client_id: 'sallyport',
  sid: claims.sessionId,
  iss: issuer,
  aud: audience,
  sub: '42',
  jti: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  iat: seconds,
  exp: seconds + 600,
};

async function keysOf(pair: KeyObject, alg: string): Promise<SigningKeys> {
  const privateKey = (await importJWK(pair.export({ format: 'jwk' }) as JWK, alg)) as CryptoKey;
  const publicKey = (await importJWK(createPublicKey(pair).export({ format: 'jwk' }) as JWK, alg)) as CryptoKey;
  const key: SigningKey & VerificationKey = { kid, alg, privateKey, publicKey };
  return { active: async () => key, find: async (id) => (id === kid ? key : undefined) };
}

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const signedByUs = (data: string) => sign(null, Buffer.from(data), own).toString('base64url');

/** A token in any form that a forger may write, by default signed with our key. */
function forge(itsHeader: unknown, itsPayload: unknown = payload, signed: (data: string) => string = signedByUs) {
  const data = `${encode(itsHeader)}.${encode(itsPayload)}`;
  return `${data}.${signed(data)}`;
}

const withHeader = (changes: object) => forge({ ...header, ...changes });
const withClaims = (changes: object) => forge(header, { ...payload, ...changes });
const without = (thing: object, name: string) =>
  Object.fromEntries(Object.entries(thing).filter(([key]) => key !== name));
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

  it('believes the forger of these tests as long as he changes nothing', async () => {
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

  describe('the algorithm', () => {
    const publicKey = createPublicKey(own);
    const jwk = publicKey.export({ format: 'jwk' });
    const { x = '' } = jwk;
    const hmac = (key: string | Buffer) => (data: string) => createHmac('sha256', key).update(data).digest('base64url');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const foreign = generateKeyPairSync('ed25519').privateKey;
    const rs256 = (data: string) => sign('sha256', Buffer.from(data), rsa).toString('base64url');
    const es256 = (data: string) =>
      sign('sha256', Buffer.from(data), { key: ec, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    const byForeign = (data: string) => sign(null, Buffer.from(data), foreign).toString('base64url');
    const hs256 = { ...header, alg: 'HS256' };

    refuses([
      ['none, without a signature', forge({ ...header, alg: 'none' }, payload, () => '')],
      ['none, with our signature', withHeader({ alg: 'none' })],
      ['nOnE', forge({ ...header, alg: 'nOnE' }, payload, () => '')],
      ['none at all', forge(without(header, 'alg'))],
      [
        'HS256 keyed with our public key as PEM',
        forge(hs256, payload, hmac(publicKey.export({ format: 'pem', type: 'spki' }))),
      ],
      [
        'HS256 keyed with our public key as DER',
        forge(hs256, payload, hmac(publicKey.export({ format: 'der', type: 'spki' }))),
      ],
      ['HS256 keyed with our public key as a JWK', forge(hs256, payload, hmac(JSON.stringify(jwk)))],
      ['HS256 keyed with our public key as the x of a JWK', forge(hs256, payload, hmac(x))],
      ['HS256 keyed with the bytes of our public key', forge(hs256, payload, hmac(Buffer.from(x, 'base64url')))],
      ['HS256 keyed with nothing', forge(hs256, payload, hmac(''))],
      ['RS256', forge({ ...header, alg: 'RS256' }, payload, rs256)],
      ['ES256', forge({ ...header, alg: 'ES256' }, payload, es256)],
      ['EdDSA over a signature of RS256', forge(header, payload, rs256)],
      ['EdDSA over a signature of ES256', forge(header, payload, es256)],
      ['ES256 over our signature', withHeader({ alg: 'ES256' })],
      ['Ed25519, another name of ours', withHeader({ alg: 'Ed25519' })],
      ['an array', withHeader({ alg: ['EdDSA'] })],
      ['a foreign key', forge(header, payload, byForeign)],
      [
        'a foreign key, enclosed (GHSA-869p-cjfg-cm3x)',
        forge({ ...header, jwk: createPublicKey(foreign).export({ format: 'jwk' }) }, payload, byForeign),
      ],
      ['a signature of zeros', forge(header, payload, () => Buffer.alloc(64).toString('base64url'))],
      ['no signature', forge(header, payload, () => '')],
    ]);

    it('is the one that the key is for, whatever the token says', async () => {
      const ofEs256 = new JwtAccessTokens({ issuer, audience, keys: await keysOf(ec, 'ES256'), lifetime, maxLifetime });
      expect(await ofEs256.verify(forge({ ...header, alg: 'ES256' }, payload, es256), now)).toMatchObject(claims);
      expect(await ofEs256.verify(forge(header, payload, es256), now)).toBeUndefined();
      expect(await ofEs256.verify(token, now)).toBeUndefined();
    });
  });

  describe('the header', () => {
    refuses([
      ['no kid', forge(without(header, 'kid'))],
      ...[
        'x'.repeat(43),
        '',
        '../../etc/passwd',
        "' OR 1=1 --",
        '__proto__',
        'constructor',
        '\0',
        kid.toUpperCase(),
      ].map((unknown): Row => [`the kid ${JSON.stringify(unknown)}`, withHeader({ kid: unknown })]),
      ['a kid that is an array', withHeader({ kid: [kid] })],
      ['a kid that is a number', withHeader({ kid: 1 })],
      ['a kid of a megabyte', withHeader({ kid: 'k'.repeat(1_000_000) })],
      ['jku', withHeader({ jku: 'https://evil.example/jwks.json' })],
      ['x5u', withHeader({ x5u: 'https://evil.example/cert.pem' })],
      ['x5c', withHeader({ x5c: ['MIIB'] })],
      ['our own public key as jwk', withHeader({ jwk: createPublicKey(own).export({ format: 'jwk' }) })],
      ['an unknown crit', withHeader({ crit: ['exp'] })],
      ['an empty crit', withHeader({ crit: [] })],
      ['b64=false', withHeader({ b64: false, crit: ['b64'] })],
      ['b64=true', withHeader({ b64: true, crit: ['b64'] })],
      ['zip', withHeader({ zip: 'DEF' })],
      ['cty', withHeader({ cty: 'JWT' })],
      ['no typ', forge(without(header, 'typ'))],
      ...['JWT', 'refresh+jwt', 'reset+jwt', 'AT+JWT', 'application/at+jwt', ''].map((typ): Row => [
        `the typ ${JSON.stringify(typ)}`,
        withHeader({ typ }),
      ]),
      ['a typ that is an array', withHeader({ typ: ['at+jwt'] })],
      ['a name that stands twice', forge(`{"alg":"none","alg":"EdDSA","kid":"${kid}","typ":"at+jwt"}`)],
      ['white space', forge(`{"alg":"EdDSA", "kid":"${kid}","typ":"at+jwt"}`)],
      ['null', forge('null')],
      ['an array', forge('[]')],
      ['what is not JSON', forge('{')],
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
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    /** Another character that spells the same bits, where the last one has bits to spare. */
    const changedBits = (part: string) => part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1) ?? '') ^ 1];
    const other = forge(header, { ...payload, sub: '1' });

    it('knows that the last character of a signature has bits to spare', () => {
      expect(Buffer.from(changedBits(signature), 'base64url')).toEqual(Buffer.from(signature, 'base64url'));
    });

    it('refuses every proper prefix of a token (GHSA-6mq3-xmgp-pjm5)', async () => {
      for (let length = 0; length < token.length; length += 1) {
        expect(await tokens.verify(token.slice(0, length), now)).toBeUndefined();
      }
    });

    refuses([
      ['changed unused bits at the end', `${head}.${body}.${changedBits(signature)}`],
      ['padding', `${token}==`],
      ['padding of the payload', `${head}.${body}=.${signature}`],
      ['base64 in place of base64url', forge(header, payload, () => '+/+/')],
      ...[' ', '\t', '\n', '\r\n', '\0', '\u00a0', '\ufeff'].flatMap((space): Row[] => [
        [`${JSON.stringify(space)} before`, space + token],
        [`${JSON.stringify(space)} behind`, token + space],
        [`${JSON.stringify(space)} inside`, `${head}.${body.slice(0, 9)}${space}${body.slice(9)}.${signature}`],
        [
          `${JSON.stringify(space)} inside the signature`,
          `${head}.${body}.${signature.slice(0, 9)}${space}${signature.slice(9)}`,
        ],
      ]),
      ["another token's signature", `${head}.${body}.${other.split('.')[2]}`],
      ["another token's payload", `${head}.${other.split('.')[1]}.${signature}`],
      ['two parts', `${head}.${body}`],
      ['four parts', `${token}.`],
      ['five parts', `${token}.${body}.${signature}`],
      ['an encrypted token', `${encode({ alg: 'dir', enc: 'A256GCM', kid, typ: 'at+jwt' })}..aaaa.aaaa.aaaa`],
      [
        'an encrypted token that was zipped (CVE-2024-28176)',
        `${encode({ alg: 'dir', enc: 'A256GCM', zip: 'DEF', kid, typ: 'at+jwt' })}..aaaa.${'a'.repeat(3000)}.aaaa`,
      ],
      ['the JSON serialisation', JSON.stringify({ protected: head, payload: body, signature })],
      [
        'the general JSON serialisation',
        JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] }),
      ],
      ['a scheme in front', `Bearer ${token}`],
      ['nothing', ''],
      ['dots', '..'],
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
      exp: [
        seconds,
        seconds - 1,
        0,
        -1,
        String(seconds + 600),
        seconds + 600.5,
        1e308,
        seconds + maxLifetime + 1,
        null,
        [seconds + 600],
      ],
      iat: [seconds + 61, String(seconds), seconds - 0.5, null, seconds - maxLifetime, -1e308, 0],
      nbf: [seconds + 61, String(seconds), seconds - 0.5, null, 1e308],
      sub: [
        null,
        0,
        42,
        '',
        '0',
        '042',
        '-1',
        '4.2',
        '1e3',
        ' 42',
        '42\n',
        '٤٢',
        '1000000000000000',
        ['42'],
        { id: 42 },
      ],
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
      iss: [
        'https://evil.example',
        `${issuer}/`,
        issuer.toUpperCase(),
        '',
        null,
        [issuer],
        [issuer, 'https://evil.example'],
      ],
      aud: ['https://evil.example', `${audience}/`, '', null, [audience], [audience, 'https://evil.example']],
      client_id: ['other', '', null, ['sallyport']],
      jti: [null, 1, ['x']],
    };

    refuses(
      Object.entries(wrong).flatMap(([name, values]) =>
        values.map((value): Row => [`${name} ${JSON.stringify(value)}`, withClaims({ [name]: value })]),
      ),
    );
    refuses(
      Object.keys(payload).map((name): Row => [`a token without ${name}`, forge(header, without(payload, name))]),
    );
    refuses([
      ['a token without an end, of either name (GHSA-wxg7-w2v3-w38g)', withClaims({ exp: undefined, nbf: seconds })],
    ]);
    refuses([
      ['an iat that is not whole beside an nbf that is', withClaims({ iat: seconds - 0.5, nbf: seconds })],
      ['iat behind exp', withClaims({ iat: seconds + 30, exp: seconds + 20 })],
      ['iat at exp', withClaims({ iat: seconds + 30, exp: seconds + 30 })],
      ['claims that are an array', forge(header, [payload])],
      ['claims that are null', forge(header, 'null')],
      ['claims that are not JSON', forge(header, 'sub=42')],
    ]);
  });

  it('believes nothing for the sake of a token that it believed before (CVE-2026-35039)', async () => {
    expect(await tokens.verify(token, now)).toMatchObject(claims);
    const other = forge(header, { ...payload, sub: '1' });
    const [, otherBody = '', otherSignature = ''] = other.split('.');
    const byForeign = (data: string) =>
      sign(null, Buffer.from(data), generateKeyPairSync('ed25519').privateKey).toString('base64url');
    const kin = [
      `${head}.${otherBody}.${signature}`,
      `${head}.${body}.${otherSignature}`,
      forge(header, { ...decoded(body), sub: '1' }, byForeign),
      forge(header, decoded(body), byForeign),
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
