import * as v from 'valibot';
import { Text } from './input.ts';

const minLength = 8;
const maxLength = 128;
const passphraseLength = 15;

/** Code units that bound the work of normalising. No password of `maxLength` code points needs more. */
const maxCodeUnits = 8 * maxLength;

/**
 * A password as a user types it. Every character counts, including spaces. It is normalised to NFC, so that an é from
 * any keyboard is the same (NIST SP 800-63B, section 3.1.1.2; RFC 8265, section 4.2).
 */
export const Password = v.pipe(
  Text,
  v.check((text) => text.length <= maxCodeUnits, `Must be at most ${maxLength} characters`),
  v.normalize('NFC'),
  v.maxCodePoints(maxLength),
  v.metadata({ format: 'password', examples: ['secret123'] }),
);

/** A new password, as far as it can be checked without context. */
export const NewPassword = v.pipe(
  Password,
  v.minCodePoints(minLength),
  v.check((text) => !/^\p{Nd}+$/u.test(text), 'Password cannot be only numbers'),
  v.check(
    (text) => /\P{L}/u.test(text) || [...text].length >= passphraseLength,
    'Password must include at least one number',
  ),
);
