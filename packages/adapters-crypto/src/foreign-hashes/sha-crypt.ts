import { createHash } from 'node:crypto';
import { areEqual, toCrypt64 } from './encodings.ts';
import { type Cost, type ForeignHashFormat, type ForeignHashOptions, formatOf } from './format.ts';
import { inSlices, isShort } from './slices.ts';

/** The default of crypt(3) is 5,000; that of passlib 656,000 (535,000 of SHA-256). */
const cost: Cost = { unit: 'rounds', growth: 'linear', usual: 700_000, min: 1000, max: 2_000_000 };

const pattern = /^\$([56])\$(?:rounds=([1-9]\d{3,8})\$)?([^$:\n]{0,16})\$([./0-9A-Za-z]{43}|[./0-9A-Za-z]{86})$/;

/** The rounds of a hash that names none. */
const defaultRounds = 5000;

interface ShaCrypt {
  readonly digest: 'sha256' | 'sha512';
  readonly rounds: number;
  readonly salt: string;
}

/** The order in which three bytes at a time are encoded: the first of each group is followed by the others. */
const groups = {
  sha256: { size: 10, shift: 21, last: [30, 31] },
  sha512: { size: 21, shift: 22, last: [63] },
} as const;

/**
 * `$5$` and `$6$` of crypt(3) with SHA-256 and SHA-512 (https://www.akkadia.org/drepper/SHA-crypt.txt), as passlib's
 * `sha256_crypt` and `sha512_crypt` and Dovecot write them.
 *
 * @param options `max` is the number of rounds: from 1,000 to 2 million, 700,000 if absent
 * @throws RangeError when `max` is out of bounds
 */
export function shaCrypt(options: ForeignHashOptions = {}): ForeignHashFormat {
  const probe = { digest: 'sha512', rounds: defaultRounds, salt: 'probe' } as const;
  return formatOf('sha-crypt', cost, options, parse, { cost: probe.rounds, run: () => checksumBy(probe, 'probe') });
}

function parse(hash: string) {
  const [, version, rounds = `${defaultRounds}`, salt = '', checksum = ''] = pattern.exec(hash) ?? [];
  const digest = version === '5' ? 'sha256' : 'sha512';
  if (version === undefined || checksum.length !== (digest === 'sha256' ? 43 : 86)) return undefined;
  const parsed = { digest, rounds: Number(rounds), salt } as const;
  const check = async (password: string) =>
    isShort(password) && areEqual(Buffer.from(await checksumBy(parsed, password)), Buffer.from(checksum));
  return { cost: parsed.rounds, check };
}

/** The steps of the specification, which numbers them from 1 to 22. */
async function checksumBy({ digest, rounds, salt: saltText }: ShaCrypt, password: string): Promise<string> {
  const hashOf = (...parts: readonly Buffer[]) => createHash(digest).update(Buffer.concat(parts)).digest();
  const [typed, salt] = [Buffer.from(password), Buffer.from(saltText)];

  // Steps 1 to 12.
  const inner = hashOf(typed, salt, typed);
  const parts = [typed, salt, repeated(inner, typed.length)];
  for (let bits = typed.length; bits > 0; bits = Math.floor(bits / 2)) parts.push(bits % 2 === 1 ? inner : typed);
  let hash = hashOf(...parts);

  // Steps 13 to 20.
  const key = repeated(hashOf(...times(typed.length, typed)), typed.length);
  const seasoning = repeated(hashOf(...times(16 + hash.readUInt8(), salt)), salt.length);

  // Step 21.
  await inSlices(rounds, (round) => {
    const isOdd = round % 2 === 1;
    const third = round % 3 === 0 ? [] : [seasoning];
    const seventh = round % 7 === 0 ? [] : [key];
    hash = hashOf(isOdd ? key : hash, ...third, ...seventh, isOdd ? hash : key);
  });
  return toCrypt64(reordered(hash, digest));
}

const times = (count: number, part: Buffer): readonly Buffer[] => Array.from({ length: count }, () => part);

/** So many bytes, by repeating these. */
const repeated = (bytes: Buffer, length: number) => Buffer.alloc(length, bytes);

/** Step 22: the order in which the bytes are encoded. */
function reordered(hash: Buffer, digest: ShaCrypt['digest']): Buffer {
  const { size, shift, last } = groups[digest];
  const span = size * 3;
  const order = Array.from({ length: size }, (_, group) => {
    const first = (group * shift) % span;
    return [first + 2 * size, first + size, first].map((index) => index % span);
  });
  return Buffer.from([...order.flat(), ...last].map((index) => hash.readUInt8(index)));
}
