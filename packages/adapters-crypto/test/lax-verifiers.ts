import { createHmac, type KeyObject, verify as verifySignature } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, jwtVerify, type JWTVerifyOptions } from 'jose';

/** What a verifier trusts. */
export interface Trusted {
  readonly issuer: string;
  readonly audience: string;
  readonly publicKey: KeyObject;
  readonly now: Date;
}

/** Says whether a token is accepted. It may also throw, or reject, to refuse. */
export type Verifier = (token: string, trusted: Trusted) => boolean | Promise<boolean>;

const bytes = (part = '') => Buffer.from(part, 'base64url');
const parse = (part = '') => JSON.parse(bytes(part).toString());

const isSigned = (token: string, publicKey: KeyObject) => {
  const [head = '', body = '', signature = ''] = token.split('.');
  return verifySignature(null, Buffer.from(`${head}.${body}`), publicKey, bytes(signature));
};

/** What a careful resource server does with jose. */
export const careful: Verifier = async (token, trusted) => {
  await jwtVerify(token, trusted.publicKey, optionsOf(trusted));
  return true;
};

const optionsOf = ({ issuer, audience, now }: Trusted): JWTVerifyOptions => ({
  issuer,
  audience,
  algorithms: ['EdDSA'],
  typ: 'at+jwt',
  requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti'],
  currentDate: now,
});

const withJose =
  (changed: JWTVerifyOptions): Verifier =>
  async (token, trusted) => {
    await jwtVerify(token, trusted.publicKey, { ...optionsOf(trusted), ...changed });
    return true;
  };

/** Verifiers as they are met in practice, each with a fault, and a token that shows it. */
export const laxVerifiers: readonly (readonly [fault: string, shownBy: string, verifier: Verifier])[] = [
  [
    'reads the claims alone',
    'claims changed after signing',
    (token, { issuer, audience, now }) => {
      const { iss, aud, exp = 0 } = decodeJwt(token);
      return iss === issuer && aud === audience && exp * 1000 > now.getTime();
    },
  ],
  [
    'believes the algorithm of the header',
    'HS256 keyed with the public key as PEM',
    (token, { publicKey }) => {
      const [head = '', body = '', signature] = token.split('.');
      if (parse(head).alg !== 'HS256') return isSigned(token, publicKey);
      const hmac = createHmac('sha256', publicKey.export({ format: 'pem', type: 'spki' }));
      return hmac.update(`${head}.${body}`).digest('base64url') === signature;
    },
  ],
  [
    'accepts unsigned tokens',
    'alg none, without a signature',
    (token, { publicKey }) => parse(token.split('.')[0]).alg === 'none' || isSigned(token, publicKey),
  ],
  [
    'takes the key from the header',
    'another key, enclosed as jwk',
    async (token, trusted) => {
      const { jwk } = decodeProtectedHeader(token);
      const key = jwk ? await importJWK(jwk as JWK, 'EdDSA') : trusted.publicKey;
      await jwtVerify(token, key, optionsOf(trusted));
      return true;
    },
  ],
  [
    'ignores the type',
    'the typ JWT, as of an id token',
    async (token, trusted) => {
      const { typ: _, ...options } = optionsOf(trusted);
      await jwtVerify(token, trusted.publicKey, options);
      return true;
    },
  ],
  [
    'ignores the audience',
    'another audience',
    async (token, trusted) => {
      const { audience: _, ...options } = optionsOf(trusted);
      await jwtVerify(token, trusted.publicKey, options);
      return true;
    },
  ],
  [
    'compares the issuer by its beginning',
    'the issuer as the beginning of another',
    async (token, trusted) => {
      const { issuer, ...options } = optionsOf(trusted);
      const { payload } = await jwtVerify(token, trusted.publicKey, options);
      return payload.iss?.startsWith(String(issuer)) ?? false;
    },
  ],
  [
    'compares the issuer after normalising it',
    'the issuer in full-width letters',
    async (token, trusted) => {
      const { issuer, ...options } = optionsOf(trusted);
      const { payload } = await jwtVerify(token, trusted.publicKey, options);
      return payload.iss?.normalize('NFKC') === issuer;
    },
  ],
  ['does not require an end', 'no exp', withJose({ requiredClaims: [] })],
  ['is generous with clocks', 'a token that expired two minutes ago', withJose({ clockTolerance: 300 })],
  [
    'reads any number as a time',
    'an exp that is text',
    (token, { publicKey, now }) => isSigned(token, publicKey) && Number(decodeJwt(token).exp) * 1000 > now.getTime(),
  ],
  ['ignores crit', 'an unknown crit', withJose({ crit: { 'urn:example:unknown': true } })],
];
