import * as v from 'valibot';
import { SallyportError } from '../errors.ts';
import { foldCase, Text } from '../input.ts';
import type { CommonPasswords } from '../ports/common-passwords.ts';
import type { User } from './user.ts';

const minLength = 8;
const maxLength = 128;
const passphraseLength = 15;

/** What everybody knows this service by, as its documents and pages call it. */
const serviceName = 'sallyport';

/** Code units that bound the work of normalising: no password of `maxLength` code points needs more. */
const maxCodeUnits = 8 * maxLength;

/**
 * A password as somebody types it: every character counts, spaces too. Normalised to NFC, so that one
 * keyboard's é is another's (NIST SP 800-63B, section 3.1.1.2; RFC 8265, section 4.2).
 */
export const Password = v.pipe(
  Text,
  v.check((text) => text.length <= maxCodeUnits, `Must be at most ${maxLength} characters`),
  v.normalize('NFC'),
  v.maxCodePoints(maxLength),
);

/** A password that somebody chooses: as far as it can be judged by itself. */
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

/**
 * Refuses a new password that is among the most common, or is its owner's address or name, or this service's
 * (NIST SP 800-63B, section 3.1.1.2).
 *
 * @param field where the password stands in the input
 * @throws SallyportError `validation_failed`
 */
export async function refuseGuessable(
  password: string,
  owner: Pick<User, 'email' | 'name'>,
  commonPasswords: CommonPasswords,
  field: string,
): Promise<void> {
  const refuse = (message: string) => new SallyportError('validation_failed', { issues: [{ path: [field], message }] });
  const folded = foldCase(password);
  if (folded === owner.email) throw refuse('Password cannot be the e-mail address');
  if (folded === foldCase(owner.name.normalize('NFC'))) throw refuse('Password cannot be the name');
  // Digits and signs around it, or within, leave it the name that it is.
  if (folded.replaceAll(/\P{L}/gu, '') === serviceName) throw refuse('Password cannot be the name of this service');
  if (await commonPasswords.includes(password)) throw refuse('Password is among the most common ones');
}
