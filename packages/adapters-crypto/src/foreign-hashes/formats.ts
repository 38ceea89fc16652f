import { argon2 } from './argon2.ts';
import { bcrypt } from './bcrypt.ts';
import { firebaseScrypt } from './firebase-scrypt.ts';
import type { ForeignHashFormat, ForeignHashOptions } from './format.ts';
import { pbkdf2 } from './pbkdf2.ts';
import { phpass } from './phpass.ts';
import { scrypt } from './scrypt.ts';
import { shaCrypt } from './sha-crypt.ts';

/** Every format, by its name. */
export const foreignHashFormats: Readonly<Record<string, (options?: ForeignHashOptions) => ForeignHashFormat>> = {
  bcrypt,
  argon2,
  scrypt,
  pbkdf2,
  'firebase-scrypt': firebaseScrypt,
  phpass,
  'sha-crypt': shaCrypt,
};
