import { scrypt as derive } from 'node:crypto';
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

/** better-auth and Werkzeug use 32, passlib 64, Django 80; OWASP recommends 128. */
const cost: Cost = { unit: 'MiB (memory × parallelism)', growth: 'linear', usual: 128, min: 1, max: 1024 };

/** The parameters of scrypt (RFC 7914). */
interface Derivation {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string | Buffer;
  /** How the password is normalised before. */
  readonly form?: 'NFKC';
}

/** A key, and the derivations that may have led to it. */
interface Scrypt {
  readonly key: Buffer;
  readonly derivations: readonly Derivation[];
}

/** The defaults of Node. */
const nodeDefaults = { N: 16_384, r: 8, p: 1 };

function scryptOf(
  key: Buffer | undefined,
  salt: string | Buffer | undefined,
  N: number,
  r: string,
  p: string,
): Scrypt | undefined {
  const derivation = { N, r: Number(r), p: Number(p), salt };
  const isSound = N > 1 && Number.isInteger(Math.log2(N)) && derivation.r > 0 && derivation.p > 0;
  if (!isSound || salt === undefined || !key) return undefined;
  return { key, derivations: [{ ...derivation, salt }] };
}

/** What programs write that call Node's scrypt: the salt is in hexadecimal, and was hashed as that text or as bytes. */
const byNode = (salt: string): readonly Derivation[] =>
  [salt, fromHex(salt)].flatMap((form) => (form === undefined ? [] : [{ ...nodeDefaults, salt: form }]));

const spellings: readonly Spelling<Scrypt>[] = [
  {
    // passlib, and the PHC string format.
    pattern: /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,4}),p=(\d{1,4})\$([^$]+)\$([^$]+)$/,
    read: (ln = '', r = '', p = '', salt = '', key = '') =>
      scryptOf(keyOf(fromBase64(key)), fromBase64(salt), 2 ** Number(ln), r, p),
  },
  {
    // Django.
    pattern: /^scrypt\$(\d{1,8})\$([^$]+)\$(\d{1,4})\$(\d{1,4})\$([^$]+)$/,
    read: (N = '', salt = '', r = '', p = '', key = '') => scryptOf(keyOf(fromBase64(key)), salt, Number(N), r, p),
  },
  {
    // Werkzeug.
    pattern: /^scrypt:(\d{1,8}):(\d{1,4}):(\d{1,4})\$([^$]+)\$([^$]+)$/,
    read: (N = '', r = '', p = '', salt = '', key = '') => scryptOf(keyOf(fromHex(key)), salt, Number(N), r, p),
  },
  {
    // Spring Security: the parameters in hexadecimal, log2(N) in front of two digits each of r and p.
    pattern: /^\$(?:s0\$)?([0-9a-f]{1,2})([0-9a-f]{2})([0-9a-f]{2})\$([^$]+)\$([^$]+)$/,
    read: (ln = '', r = '', p = '', salt = '', key = '') =>
      scryptOf(keyOf(fromBase64(key)), fromBase64(salt), 2 ** Number(`0x${ln}`), `0x${r}`, `0x${p}`),
  },
  {
    // better-auth and Lucia, and programs that call Node's scrypt.
    pattern: /^(?:s2:)?([A-Za-z0-9]{8,128}):([0-9a-f]{64,128})$/,
    read: (salt = '', key = '') => withKey(key, [{ N: 16_384, r: 16, p: 1, salt, form: 'NFKC' }, ...byNode(salt)]),
  },
  {
    // Programs that call Node's scrypt, with the key in front.
    pattern: /^([0-9a-f]{64,128})\.([A-Za-z0-9]{8,128})$/,
    read: (key = '', salt = '') => withKey(key, byNode(salt)),
  },
];

function withKey(hex: string, derivations: readonly Derivation[]): Scrypt | undefined {
  const key = keyOf(fromHex(hex));
  return key && { key, derivations };
}

/**
 * scrypt (RFC 7914): passlib's and PHC strings; Django's `scrypt$…`; Werkzeug's `scrypt:…`; Spring's `$e0801$…`;
 * `salt:key` of better-auth and Lucia; `salt:key` and `key.salt` of programs that call Node's `scrypt` with its
 * defaults.
 *
 * @param options `max` is the memory in MiB (128 · N · r bytes) times p: from 1 to 1024, 128 if absent
 * @throws RangeError when `max` is out of bounds
 */
export function scrypt(options: ForeignHashOptions = {}): ForeignHashFormat {
  const probe = { ...nodeDefaults, salt: 'probe' };
  return formatOf('scrypt', cost, options, parse, { cost: workOf(probe), run: () => keyBy(probe, 'probe', 64) });
}

const bytesPerMebibyte = 1024 ** 2;

const workOf = ({ N, r, p }: Derivation) => (128 * N * r * p) / bytesPerMebibyte;

function parse(hash: string) {
  const parsed = spelled(spellings, hash);
  if (!parsed) return undefined;
  const { key, derivations } = parsed;
  return {
    cost: derivations.reduce((sum, derivation) => sum + workOf(derivation), 0),
    async check(password: string) {
      for (const derivation of derivations) {
        if (areEqual(await keyBy(derivation, password, key.length), key)) return true;
      }
      return false;
    },
  };
}

const scryptAsync = promisify<string, string | Buffer, number, object, Buffer>(derive);

function keyBy({ salt, form, ...parameters }: Derivation, password: string, length: number): Promise<Buffer> {
  const { N, r, p } = parameters;
  // OpenSSL refuses to take more memory than this.
  const maxmem = 128 * r * (N + p + 2);
  return scryptAsync(form ? password.normalize(form) : password, salt, length, { ...parameters, maxmem });
}
