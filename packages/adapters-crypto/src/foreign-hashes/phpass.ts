import { createHash } from 'node:crypto';
import { areEqual, cryptAlphabet, toCrypt64 } from './encodings.ts';
import {
  type Cost,
  type ForeignHashFormat,
  type ForeignHashOptions,
  formatOf,
  type Spelling,
  spelled,
} from './format.ts';
import { inSlices, isShort } from './slices.ts';

/** WordPress uses 13, phpBB 11, Drupal 7 and 8 use 15 and 16. */
const cost: Cost = { unit: '(the logarithm of its rounds)', growth: 'doubling', usual: 16, min: 7, max: 20 };

interface Phpass {
  readonly digest: 'md5' | 'sha512';
  /** The logarithm of the number of rounds. */
  readonly rounds: number;
  readonly salt: string;
  /** The hash in the encoding of crypt(3), perhaps without its end. */
  readonly checksum: string;
}

const spelling = (digest: 'md5' | 'sha512', pattern: RegExp): Spelling<Phpass> => ({
  pattern,
  read: (rounds = '', salt = '', checksum = '') => ({ digest, rounds: cryptAlphabet.indexOf(rounds), salt, checksum }),
});

const spellings = [
  spelling('md5', /^\$[PH]\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{22})$/),
  spelling('sha512', /^\$S\$([./0-9A-Za-z])([./0-9A-Za-z]{8})([./0-9A-Za-z]{43})$/),
];

/**
 * phpass' portable hashes (https://www.openwall.com/phpass/): `$P$` as WordPress wrote it up to 6.7, `$H$` as phpBB 3
 * did, and `$S$` with SHA-512 as Drupal 7 to 10.0 did.
 *
 * @param options `max` is the logarithm of the rounds: from 7 to 20, 16 if absent
 * @throws RangeError when `max` is out of bounds
 */
export function phpass(options: ForeignHashOptions = {}): ForeignHashFormat {
  const probe = { digest: 'sha512', rounds: 12, salt: 'probe', checksum: '' } as const;
  return formatOf('phpass', cost, options, parse, { cost: probe.rounds, run: () => checksumBy(probe, 'probe') });
}

function parse(hash: string) {
  const parsed = spelled(spellings, hash);
  if (!parsed || parsed.rounds < cost.min || parsed.rounds > 30) return undefined;
  const { rounds, checksum } = parsed;
  const check = async (password: string) => {
    if (!isShort(password)) return false;
    const theirs = await checksumBy(parsed, password);
    return areEqual(Buffer.from(theirs.slice(0, checksum.length)), Buffer.from(checksum));
  };
  return { cost: rounds, check };
}

async function checksumBy({ digest, rounds, salt }: Phpass, password: string): Promise<string> {
  const typed = Buffer.from(password);
  let hash = createHash(digest).update(salt).update(typed).digest();
  await inSlices(2 ** rounds, () => {
    hash = createHash(digest).update(hash).update(typed).digest();
  });
  return toCrypt64(hash);
}
