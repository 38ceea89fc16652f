export { argon2 } from './argon2.ts';
export { bcrypt } from './bcrypt.ts';
export { firebaseScrypt } from './firebase-scrypt.ts';
export type { Check, ForeignHashFormat, ForeignHashOptions, Probe, Refusal } from './format.ts';
export { foreignHashFormats } from './formats.ts';
export { pbkdf2 } from './pbkdf2.ts';
export { phpass } from './phpass.ts';
export { scrypt } from './scrypt.ts';
export { shaCrypt } from './sha-crypt.ts';
