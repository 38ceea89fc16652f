import { createHmac, generateKeyPairSync } from 'node:crypto';
import { type HostileToken, having } from './hostile-token.ts';
import { encode, signerOf, type SignToken, type TokenForge } from './token-forge.ts';

/** Tokens that the trusted key has not signed. */
export function forgedTokens(forging: TokenForge): readonly HostileToken[] {
  return [...withoutSignature(forging), ...keyedWithPublicKey(forging), ...byOtherKeys(forging), ...altered(forging)];
}

function withoutSignature({ header, payload, forge, withHeader }: TokenForge): readonly HostileToken[] {
  const unsigned = (alg: unknown) => forge({ ...header, alg }, payload, () => '');
  return having(
    {
      kind: 'forged',
      why: 'A server that accepts unsigned tokens accepts what anyone writes.',
      source: 'RFC 8725, section 3.2; CVE-2015-9235',
    },
    {
      'alg none, without a signature': unsigned('none'),
      'alg None': unsigned('None'),
      'alg NONE': unsigned('NONE'),
      'alg nOnE': unsigned('nOnE'),
      'an empty alg': unsigned(''),
      'alg null': unsigned(null),
      'no alg, without a signature': unsigned(undefined),
      'alg none, with the signature of the key': withHeader({ alg: 'none' }),
      'the right alg, without a signature': forge(header, payload, () => ''),
    },
  );
}

function keyedWithPublicKey({ header, payload, forge, publicKey }: TokenForge): readonly HostileToken[] {
  const jwk = publicKey.export({ format: 'jwk' });
  const text = jwk.x ?? jwk.n ?? '';
  const hs256 = (key: string | Buffer) =>
    forge({ ...header, alg: 'HS256' }, payload, (data) => createHmac('sha256', key).update(data).digest('base64url'));
  return having(
    {
      kind: 'forged',
      why: 'The public key is known to everyone, so it must not be taken for the secret of an HMAC.',
      source: 'RFC 8725, sections 2.1 and 3.1; CVE-2016-10555',
    },
    {
      'HS256 keyed with the public key as PEM': hs256(publicKey.export({ format: 'pem', type: 'spki' })),
      'HS256 keyed with the public key as DER': hs256(publicKey.export({ format: 'der', type: 'spki' })),
      'HS256 keyed with the public key as a JWK': hs256(JSON.stringify(jwk)),
      'HS256 keyed with the text in the JWK': hs256(text),
      'HS256 keyed with the bytes of the public key': hs256(Buffer.from(text, 'base64url')),
      'HS256 keyed with nothing': hs256(''),
    },
  );
}

function byOtherKeys({ header, payload, forge, foreign }: TokenForge): readonly HostileToken[] {
  const byForeign = (changes: object) => forge({ ...header, ...changes }, payload, foreign.signed);
  const jwk = foreign.publicKey.export({ format: 'jwk' });
  const { rs256, es256 } = foreignSigners();
  return [
    ...having(
      { kind: 'forged', why: 'The key is the attacker’s own.', source: 'RFC 7515, section 5.2' },
      {
        'the signature of another key under the known kid': byForeign({}),
        'RS256 by another key': forge({ ...header, alg: 'RS256' }, payload, rs256),
        'ES256 by another key': forge({ ...header, alg: 'ES256' }, payload, es256),
        'the right alg over a signature of RS256': forge(header, payload, rs256),
        'the right alg over a signature of ES256': forge(header, payload, es256),
      },
    ),
    ...having(
      {
        kind: 'forged',
        why: 'The header brings or names the attacker’s key. Only keys that the server knew before count.',
        source: 'RFC 8725, section 3.10; CVE-2018-0114; GHSA-869p-cjfg-cm3x',
      },
      {
        'another key, enclosed as jwk': byForeign({ jwk }),
        'another key, enclosed as jwk without a kid': byForeign({ kid: undefined, jwk }),
        'another key, at a jku': byForeign({ jku: 'https://attacker.invalid/jwks.json' }),
        'another key, at a jku on this machine': byForeign({ jku: 'http://127.0.0.1:1/jwks.json' }),
        'another key, at an x5u': byForeign({ x5u: 'https://attacker.invalid/certificate.pem' }),
        'another key, enclosed as x5c': byForeign({ x5c: ['MIIB'] }),
      },
    ),
    ...having(
      {
        kind: 'forged',
        why: 'The kid is text of the attacker’s. It must find a known key, and must not be used as a path or in SQL.',
        source: 'RFC 8725, section 3.10',
      },
      Object.fromEntries(
        ['unknown', '', '../../../../dev/null', "' UNION SELECT 'secret' --", '__proto__', 'constructor', '\0'].map(
          (kid) => [`another key under the kid ${JSON.stringify(kid)}`, byForeign({ kid })],
        ),
      ),
    ),
  ];
}

let signers: Readonly<Record<'rs256' | 'es256', SignToken>> | undefined;

/** Signers with keys that no server trusts. They are made once, because RSA takes a while. */
function foreignSigners() {
  signers ??= {
    rs256: signerOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'RS256'),
    es256: signerOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'ES256'),
  };
  return signers;
}

function altered(forging: TokenForge): readonly HostileToken[] {
  const { header, payload, forge, signed } = forging;
  const [head = '', body = '', signature = ''] = forge(header).split('.');
  const other = encode({ ...payload, sub: '1' });
  const bytes = Buffer.from(signature, 'base64url');
  const signedAs = (changed: SignToken) => forge(header, payload, changed);
  return having(
    {
      kind: 'forged',
      why: 'The signature is not that of these bytes.',
      source: 'RFC 7515, section 5.2; GHSA-6mq3-xmgp-pjm5',
    },
    {
      'claims changed after signing': `${head}.${other}.${signature}`,
      'a header changed after signing': `${encode({ ...header, cty: 'JWT' })}.${body}.${signature}`,
      'the signature of another token': `${head}.${body}.${signed(`${head}.${other}`)}`,
      'a signature of zeros': signedAs(() => Buffer.alloc(bytes.length).toString('base64url')),
      'a signature cut by a byte': signedAs(() => bytes.subarray(0, -1).toString('base64url')),
      'a signature cut in half': signedAs(() => bytes.subarray(0, bytes.length / 2).toString('base64url')),
      'a signature with a byte more': signedAs(() => Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64url')),
      'a signature of one byte': signedAs(() => 'AA'),
      'header and claims exchanged': `${body}.${head}.${signature}`,
    },
  );
}
