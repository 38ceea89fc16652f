import { SallyportError } from '../model/errors.ts';
import { foldCase } from '../model/input.ts';
import type { User } from '../model/user.ts';
import type { CommonPasswords } from '../ports/common-passwords.ts';

/** The name of this service, as its documents and pages spell it. */
const serviceName = 'sallyport';

/**
 * Refuses a new password that is among the most common, or that is its owner's address, its owner's name or the name of
 * this service (NIST SP 800-63B, section 3.1.1.2).
 *
 * @param field the name of the password's field in the input
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
  // The name remains guessable with added digits and signs.
  if (folded.replaceAll(/\P{L}/gu, '') === serviceName) throw refuse('Password cannot be the name of this service');
  if (await commonPasswords.includes(password)) throw refuse('Password is among the most common ones');
}
