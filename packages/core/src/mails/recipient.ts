import type { Email } from '../model/email.ts';
import type { Policy } from '../model/policy.ts';
import type { User } from '../model/user.ts';

/** Text that mail programs turn into a link, or that would start a new line. */
const linkLike = /[:/\\@]|\.\p{L}{2}|[\p{Cc}\u2028\u2029]/u;

/**
 * The name that a mail to this address may contain; `undefined` if it may contain none. An attacker who registers with a
 * stranger's address chooses the name. So a name goes only to the account's own verified address, and never if it would
 * advertise a link.
 */
export function nameFor({ email, emailVerified, name }: User, to: Email): string | undefined {
  return emailVerified && email === to && !linkLike.test(name) ? name : undefined;
}

/**
 * The locale of a mail: the one in the account's profile, if the host's profile has a field `locale`, else the best of
 * those that the cause of the mail prefers. `undefined` if the catalogue has words in none of them.
 */
export function localeFor(
  { mails, profile }: Pick<Policy, 'mails' | 'profile'>,
  user: Pick<User, 'profile'> | undefined,
  preferred: readonly string[],
): string | undefined {
  const { locale: own } = user ? profile.pick(user.profile, ['locale']) : {};
  return mails.localeFor(typeof own === 'string' ? [own, ...preferred] : preferred);
}
