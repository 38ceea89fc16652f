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

const tooLong = `Must be at most ${maxLength} characters`;

/**
 * A password that is checked against a hash, exactly as the client sent it. Every character counts, including spaces.
 * The hasher normalises it, because another system may have hashed it in the form in which it was sent.
 */
export const Password = v.pipe(
  Text,
  v.check((text) => text.length <= maxCodeUnits, tooLong),
  v.check((text) => [...text.normalize('NFC')].length <= maxLength, tooLong),
  v.metadata({ maxLength, format: 'password', examples: ['secret123'] }),
);

/**
 * A new password, as far as it can be checked without context. It is normalised to NFC, so that an é from any keyboard
 * is the same (NIST SP 800-63B, section 3.1.1.2; RFC 8265, section 4.2).
 */
export const NewPassword = v.pipe(
  Password,
  v.normalize('NFC'),
  v.minCodePoints(minLength),
  v.check((text) => !/^\p{Nd}+$/u.test(text), 'Password cannot be only numbers'),
  v.check(
    (text) => /\P{L}/u.test(text) || [...text].length >= passphraseLength,
    'Password must include at least one number',
  ),
);
