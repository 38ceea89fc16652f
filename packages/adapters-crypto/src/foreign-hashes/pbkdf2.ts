import { pbkdf2 as derive } from 'node:crypto';
import { promisify } from 'node:util';
import { areEqual, fromBase64, fromHex, keyOf } from './encodings.ts';
import {
  type Cost,
  type ForeignHashFormat,
  type ForeignHashOptions,
  formatOf,
  type Spelling,
  spelled,
} from './format.ts';
import { readKeycloak } from './keycloak.ts';

/** Django's default is 1.2 million, Werkzeug's one million, Keycloak's 525,000 (210,000 of SHA-512). */
const cost: Cost = { unit: 'iterations of SHA-256', growth: 'linear', usual: 1_500_000, min: 1000, max: 10_000_000 };

/** The digests: bytes, and the time of an iteration in those of SHA-256. */
const digests = {
  sha1: { size: 20, weight: 1 },
  sha256: { size: 32, weight: 1 },
  sha512: { size: 64, weight: 2.5 },
} as const;

type Digest = keyof typeof digests;

/** The parameters of PBKDF2 (RFC 8018), and the key. */
interface Pbkdf2 {
  readonly digest: Digest;
  readonly iterations: number;
  readonly salt: string | Buffer;
  readonly key: Buffer;
}

function pbkdf2Of(
  digest: string,
  iterations: number,
  salt: string | Buffer | undefined,
  key: Buffer | undefined,
): Pbkdf2 | undefined {
  if (!Object.hasOwn(digests, digest) || iterations < 1 || salt === undefined || !key) return undefined;
  return { digest: digest as Digest, iterations, salt, key };
}

const spellings: readonly Spelling<Pbkdf2>[] = [
  {
    // Django.
    pattern: /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,9})\$([^$]+)\$([^$]+)$/,
    read: (digest = '', iterations = '', salt = '', key = '') =>
      pbkdf2Of(digest, Number(iterations), salt, keyOf(fromBase64(key))),
  },
  {
    // passlib, and the PHC string format.
    pattern: /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,9})(?:,l=\d{1,4})?\$([^$]+)\$([^$]+)$/,
    read: (digest = '', iterations = '', salt = '', key = '') =>
      pbkdf2Of(digest || 'sha1', Number(iterations), fromBase64(salt), keyOf(fromBase64(key))),
  },
  {
    // Werkzeug.
    pattern: /^pbkdf2:(sha1|sha256|sha512):(\d{1,9})\$([^$]+)\$([^$]+)$/,
    read: (digest = '', iterations = '', salt = '', key = '') =>
      pbkdf2Of(digest, Number(iterations), salt, keyOf(fromHex(key))),
  },
  {
    // ASP.NET Identity, whose first byte is its version.
    pattern: /^(A[A-Z][A-Za-z0-9+/]{64,198}={0,2})$/,
    read: (text = '') => fromAspNet(fromBase64(text)),
  },
];

/** The digests of ASP.NET, by their numbers. */
const aspNetDigests = ['sha1', 'sha256', 'sha512'];

function fromAspNet(bytes: Buffer | undefined): Pbkdf2 | undefined {
  if (bytes?.[0] === 0 && bytes.length === 1 + 16 + 32) {
    return pbkdf2Of('sha1', 1000, bytes.subarray(1, 17), bytes.subarray(17));
  }
  if (bytes?.[0] !== 1) return undefined;
  const saltLength = bytes.readUInt32BE(9);
  const digest = aspNetDigests[bytes.readUInt32BE(1)] ?? '';
  const [salt, key] = [bytes.subarray(13, 13 + saltLength), bytes.subarray(13 + saltLength)];
  return pbkdf2Of(digest, bytes.readUInt32BE(5), salt, keyOf(key));
}

function fromKeycloak(hash: string): Pbkdf2 | undefined {
  const credential = readKeycloak(hash);
  const [, digest = 'sha1'] = /^pbkdf2(?:-(sha256|sha512))?$/.exec(credential?.algorithm ?? '') ?? [undefined, ''];
  return credential && pbkdf2Of(digest, credential.iterations, credential.salt, credential.key);
}

/**
 * PBKDF2 (RFC 8018) with SHA-1, SHA-256 or SHA-512: Django's `pbkdf2_sha256$…`; passlib's `$pbkdf2-sha256$…` and PHC
 * strings; Werkzeug's `pbkdf2:sha256:…`; Keycloak's credentials in JSON; ASP.NET Identity, versions 2 and 3.
 *
 * @param options `max` is the number of iterations of SHA-256, in which each iteration of SHA-512 counts as 2.5, and
 *   keys longer than the digest count several times: from 1,000 to 10 million, 1.5 million if absent
 * @throws RangeError when `max` is out of bounds
 */
export function pbkdf2(options: ForeignHashOptions = {}): ForeignHashFormat {
  const probe = { digest: 'sha256', iterations: 20_000, salt: 'probe', key: Buffer.alloc(32) } as const;
  return formatOf('pbkdf2', cost, options, parse, { cost: workOf(probe), run: () => keyBy(probe, 'probe') });
}

function workOf({ digest, iterations, key }: Pbkdf2): number {
  const { size, weight } = digests[digest];
  return iterations * Math.ceil(key.length / size) * weight;
}

function parse(hash: string) {
  const parsed = fromKeycloak(hash) ?? spelled(spellings, hash);
  if (!parsed) return undefined;
  const check = async (password: string) => areEqual(await keyBy(parsed, password), parsed.key);
  return { cost: workOf(parsed), check };
}

const pbkdf2Async = promisify(derive);

const keyBy = ({ digest, iterations, salt, key }: Pbkdf2, password: string): Promise<Buffer> =>
  pbkdf2Async(password, salt, iterations, key.length, digest);
