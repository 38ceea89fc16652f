import { createCipheriv, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { areEqual, fromBase64, keyOf } from './encodings.ts';
import { type Cost, type ForeignHashFormat, type ForeignHashOptions, formatOf } from './format.ts';

/** Firebase uses 16. */
const cost: Cost = { unit: 'MiB of memory', growth: 'linear', usual: 32, min: 1, max: 1024 };

/**
 * The text in which Supabase keeps such hashes: the parameters of the project, the salt of the user and the hash, in
 * base64 as Firebase exports them.
 */
const pattern =
  /^\$fbscrypt\$v=1,n=(\d{1,2}),r=(\d{1,3}),p=1,ss=([A-Za-z0-9+/_=-]*),sk=([A-Za-z0-9+/_=-]+)\$([^$]+)\$([^$]+)$/;

interface FirebaseScrypt {
  readonly N: number;
  readonly r: number;
  readonly salt: Buffer;
  readonly signerKey: Buffer;
  readonly hash: Buffer;
}

/**
 * Firebase Authentication: `$fbscrypt$v=1,n=MEM_COST,r=ROUNDS,p=1,ss=SALT_SEPARATOR,sk=SIGNER_KEY$SALT$HASH`. The first
 * four are the password hash parameters of the project, salt and hash are `salt` and `passwordHash` of the exported
 * user (https://github.com/firebase/scrypt). So each hash contains the project's signer key.
 *
 * @param options `max` is the memory in MiB: from 1 to 1024, 32 if absent
 * @throws RangeError when `max` is out of bounds
 */
export function firebaseScrypt(options: ForeignHashOptions = {}): ForeignHashFormat {
  const none = Buffer.alloc(64);
  const probe = { N: 16_384, r: 8, salt: none, signerKey: none, hash: none };
  return formatOf('firebase-scrypt', cost, options, parse, { cost: workOf(probe), run: () => hashBy(probe, 'probe') });
}

const bytesPerMebibyte = 1024 ** 2;

const workOf = ({ N, r }: FirebaseScrypt) => (128 * N * r) / bytesPerMebibyte;

function parse(text: string) {
  const [, n = '', rounds = '', separatorText = '', signer = '', saltText = '', hashText = ''] =
    pattern.exec(text) ?? [];
  const [N, r] = [2 ** Number(n), Number(rounds)];
  const separator = separatorText === '' ? Buffer.alloc(0) : fromBase64(separatorText);
  const [signerKey, salt, hash] = [keyOf(fromBase64(signer)), fromBase64(saltText), keyOf(fromBase64(hashText))];
  if (N < 2 || r < 1 || !separator || !signerKey || !salt || !hash) return undefined;
  const parsed = { N, r, salt: Buffer.concat([salt, separator]), signerKey, hash };
  const check = async (password: string) => areEqual(await hashBy(parsed, password), hash);
  return { cost: workOf(parsed), check };
}

const scryptAsync = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** The signer key, encrypted with a key that is derived from the password. */
async function hashBy({ N, r, salt, signerKey }: FirebaseScrypt, password: string): Promise<Buffer> {
  const key = await scryptAsync(password, salt, 32, { N, r, p: 1, maxmem: 128 * r * (N + 3) });
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return Buffer.concat([cipher.update(signerKey), cipher.final()]);
}
