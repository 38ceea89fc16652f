import * as v from 'valibot';
import { Text } from './input.ts';

/** The bounds of a new password, in characters (code points). */
export interface PasswordBounds {
  readonly minLength: number;
  readonly maxLength: number;
  /** The length from which a password may consist of letters only. */
  readonly passphraseLength: number;
}

/** The bounds that every new password is held to. */
export const passwordBounds: PasswordBounds = { minLength: 8, maxLength: 128, passphraseLength: 15 };

const { minLength, maxLength, passphraseLength } = passwordBounds;

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
  v.metadata({ format: 'password', examples: ['secret123'] }),
);
