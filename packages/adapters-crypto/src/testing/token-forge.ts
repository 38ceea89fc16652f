import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto';

/** What a resource server expects of access tokens, and the key that signs them in a test. */
export interface TokenForgeOptions {
  readonly issuer: string;
  readonly audience: string;
  /** The private key whose public key the resource server trusts: Ed25519, EC on P-256, P-384 or P-521, or RSA. */
  readonly signingKey: KeyObject | JsonWebKey;
  /** The id under which the resource server finds the public key. */
  readonly kid: string;
  /** Claims in addition to those of RFC 9068, or in place of them. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** When the tokens are issued; now if absent. */
  readonly now?: Date | undefined;
}

/** Signs the first two parts of a token, and returns the third. */
export type SignToken = (data: string) => string;

/** Writes access tokens (RFC 9068), and tokens that look like them. */
export interface TokenForge {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>> & { readonly iat: number; readonly exp: number };
  readonly publicKey: KeyObject;
  /** A token with this header and payload: objects are written as JSON, text as it is. By default, the key signs. */
  readonly forge: (header: unknown, payload?: unknown, signed?: SignToken) => string;
  /** A genuine token, except for these members of its header. `undefined` removes one. */
  readonly withHeader: (changes: Readonly<Record<string, unknown>>) => string;
  /** A genuine token, except for these claims. `undefined` removes one. */
  readonly withClaims: (changes: Readonly<Record<string, unknown>>) => string;
  /** The signature of the trusted key. */
  readonly signed: SignToken;
  /** The signature of an unknown key of the same type, and that key. */
  readonly foreign: { readonly signed: SignToken; readonly publicKey: KeyObject };
}

const lifetime = 600;

const algorithms: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

/**
 * A forge of tokens for the tests of a resource server.
 *
 * @throws TypeError for a key that cannot sign, or of another type
 */
export function tokenForge(options: TokenForgeOptions): TokenForge {
  const { issuer, audience, kid, claims, now = new Date() } = options;
  const privateKey = privateKeyOf(options.signingKey);
  const alg = algorithmOf(privateKey);
  const header = { alg, kid, typ: 'at+jwt' };
  const iat = Math.floor(now.getTime() / 1000);
  const payload = {
    client_id: 'client',
    sub: '42',
    iss: issuer,
    aud: audience,
    jti: randomUUID(),
    iat,
    exp: iat + lifetime,
    ...claims,
  };
  const signed = signerOf(privateKey, alg);
  const foreignKey = otherKeyLike(privateKey);
  const forge = (itsHeader: unknown, itsPayload: unknown = payload, itsSigner: SignToken = signed) => {
    const data = `${encode(itsHeader)}.${encode(itsPayload)}`;
    return `${data}.${itsSigner(data)}`;
  };
  return {
    header,
    payload,
    publicKey: createPublicKey(privateKey),
    forge,
    withHeader: (changes) => forge({ ...header, ...changes }),
    withClaims: (changes) => forge(header, { ...payload, ...changes }),
    signed,
    foreign: { signed: signerOf(foreignKey, alg), publicKey: createPublicKey(foreignKey) },
  };
}

/** A token that the resource server must accept, so that a test can tell a strict server from one that refuses all. */
export function genuineToken(options: TokenForgeOptions): string {
  const { forge, header } = tokenForge(options);
  return forge(header);
}

/** Base64url of the JSON of a value, or of a text. */
export function encode(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** Signs as this algorithm does (RFC 7518, section 3; RFC 8037, section 3.1). */
export function signerOf(key: KeyObject, alg: string): SignToken {
  const digest = alg === 'EdDSA' ? null : `sha${alg.slice(2)}`;
  return (data) => sign(digest, Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

function privateKeyOf(key: KeyObject | JsonWebKey): KeyObject {
  const isKeyObject = 'type' in key && 'export' in key;
  const found = isKeyObject ? (key as KeyObject) : createPrivateKey({ key, format: 'jwk' });
  if (found.type !== 'private') throw new TypeError('The signing key of a token forge is a private key');
  return found;
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  if (asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (asymmetricKeyType === 'rsa') return 'RS256';
  const alg = algorithms[asymmetricKeyDetails?.namedCurve ?? ''];
  if (alg === undefined) throw new TypeError(`A token forge has no algorithm for a key of type ${asymmetricKeyType}`);
  return alg;
}

function otherKeyLike({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): KeyObject {
  if (asymmetricKeyType === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  if (asymmetricKeyType === 'rsa') return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  return generateKeyPairSync('ec', { namedCurve: asymmetricKeyDetails?.namedCurve ?? '' }).privateKey;
}
