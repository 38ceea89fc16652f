import { createHash, createHmac } from 'node:crypto';
import {
  type Cost,
  type ForeignHashFormat,
  type ForeignHashOptions,
  formatOf,
  type Spelling,
  spelled,
} from './format.ts';

/** The default of passlib, Django, Devise and Laravel is 12; that of Supabase and Auth0 is 10. */
const cost: Cost = { unit: '(the logarithm of its rounds)', growth: 'doubling', usual: 12, min: 4, max: 16 };

/** The costs that bcrypt knows. */
const costs = { min: 4, max: 31 };

interface Bcrypt {
  readonly version: string;
  readonly cost: number;
  /** The hash as bcrypt itself writes it. */
  readonly standard: string;
  /** The text that was hashed in place of the password. */
  readonly keyOf: (password: string) => string;
}

function bcryptOf(
  version: string,
  rounds: string,
  salt: string,
  checksum: string,
  keyOf: Bcrypt['keyOf'],
): Bcrypt | undefined {
  const cost = Number(rounds);
  // Of their last characters, four and two bits are zero.
  const isSound = /[.Oeu]$/.test(salt) && /[.CGKOSWaeimquy26]$/.test(checksum);
  if (!isSound || cost < costs.min || cost > costs.max) return undefined;
  return { version, cost, standard: `$${version}$${rounds.padStart(2, '0')}$${salt}${checksum}`, keyOf };
}

/** What other systems than bcrypt itself write in front of a hash, and what they hash. */
const prefixes: Readonly<Record<string, Bcrypt['keyOf']>> = {
  // Django.
  bcrypt_sha256$: (password) => createHash('sha256').update(password).digest('hex'),
  // WordPress from 6.8 on.
  $wp: (password) => createHmac('sha384', 'wp-sha384').update(password).digest('base64'),
};

const spellings: readonly Spelling<Bcrypt>[] = [
  {
    pattern: /^(bcrypt\$|bcrypt_sha256\$|\$wp)?\$(2[abxy])\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/,
    read: (prefix = '', version = '', rounds = '', salt = '', checksum = '') =>
      bcryptOf(version, rounds, salt, checksum, prefixes[prefix] ?? ((password) => password)),
  },
  {
    // passlib's bcrypt_sha256, version 1.
    pattern: /^\$bcrypt-sha256\$(2[ab]),(\d\d?)\$([./A-Za-z0-9]{22})\$([./A-Za-z0-9]{31})$/,
    read: (version = '', rounds = '', salt = '', checksum = '') =>
      bcryptOf(version, rounds, salt, checksum, (password) => createHash('sha256').update(password).digest('base64')),
  },
  {
    // passlib's bcrypt_sha256, version 2.
    pattern: /^\$bcrypt-sha256\$v=2,t=(2b),r=(\d\d?)\$([./A-Za-z0-9]{22})\$([./A-Za-z0-9]{31})$/,
    read: (version = '', rounds = '', salt = '', checksum = '') =>
      bcryptOf(version, rounds, salt, checksum, (password) =>
        createHmac('sha256', salt).update(password).digest('base64'),
      ),
  },
];

/** Cost 8, and a checksum that no known password has. */
const decoy = `$2b$08$${'.'.repeat(22)}${'.'.repeat(31)}`;

/**
 * bcrypt: `$2a$`, `$2b$` and `$2y$`, as Supabase, Auth0, Devise, Laravel, Spring and passlib write it; Django's
 * `bcrypt$…` and `bcrypt_sha256$…`; passlib's `$bcrypt-sha256$…`; WordPress' `$wp$2y$…`. As in those systems, plain
 * bcrypt ignores what follows the 72nd byte of a password.
 *
 * @param options `max` is the logarithm of the rounds: from 4 to 16, 12 if absent
 * @throws RangeError when `max` is out of bounds
 */
export function bcrypt(options: ForeignHashOptions = {}): ForeignHashFormat {
  return formatOf('bcrypt', cost, options, parse, { cost: 8, run: () => verify('probe', decoy) });
}

function parse(hash: string) {
  const parsed = spelled(spellings, hash);
  if (!parsed) return undefined;
  if (parsed.version === '2x') {
    return { refusal: 'its version $2x$ is that of a faulty bcrypt, by which other passwords match too' };
  }
  return { cost: parsed.cost, check: (password: string) => verify(parsed.keyOf(password), parsed.standard) };
}

/** The library is loaded when the first hash is checked. */
async function verify(password: string, hash: string): Promise<boolean> {
  const library = await import('@node-rs/bcrypt');
  return library.verify(password, hash);
}
