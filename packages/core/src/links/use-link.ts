import { SallyportError } from '../model/errors.ts';
import type { Proof } from '../model/proof.ts';
import type { User, UserId } from '../model/user.ts';
import type { OneTimeToken, ShownToken } from '../ports/one-time-tokens.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import type { Credentials } from '../ports/users.ts';

/** A mailed link, as a caller presents it. */
export interface ShownLink extends ShownToken {
  /** The owner when the link was looked up. */
  readonly ownerId: UserId;
}

/** A link that was used, and its account, locked. */
export interface UsedLink extends Credentials {
  readonly link: OneTimeToken;
  /** The proof that the caller reads the owner's mail. */
  readonly proof: Proof;
}

/**
 * Whether an unexpired link can be used: by an active account that has the address that the link was mailed to, or is
 * about to change to it. A link that was used already may only repeat what holds.
 */
export function isUsable({ purpose, email, usedAt }: OneTimeToken, user: User): boolean {
  const { isActive, emailVerified } = user;
  const hasAddress = user.email === email;
  const isNew = usedAt === undefined;
  return isActive && (hasAddress ? isNew || emailVerified : isNew && purpose === 'change-email');
}

/**
 * Consumes a link. It is accepted only if the account is active and still has the address that the link was mailed to.
 * The account is locked first, as in every transaction that changes one.
 *
 * @throws SallyportError `invalid_one_time_token`
 */
export async function consumeLink(transaction: Transaction, { ownerId, ...shown }: ShownLink): Promise<UsedLink> {
  const owner = await transaction.users.lockCredentials(ownerId);
  const link = await transaction.oneTimeTokens.consume(shown);
  if (!owner || !link || !isUsable(link, owner.user)) throw new SallyportError('invalid_one_time_token');
  const { user, securityVersion } = owner;
  return { ...owner, link, proof: { userId: user.id, methods: ['otp'], securityVersion } };
}

/**
 * Marks a link as used, and leaves it valid: mail programs open links, and users open them twice. The account is locked
 * first.
 *
 * @throws SallyportError `invalid_one_time_token`
 */
export async function openLink(
  { users, oneTimeTokens }: Transaction,
  { ownerId, ...shown }: ShownLink,
): Promise<Omit<UsedLink, 'proof'>> {
  const owner = await users.lockCredentials(ownerId);
  const link = await oneTimeTokens.use(shown);
  if (!owner || !link || !isUsable(link, owner.user)) throw new SallyportError('invalid_one_time_token');
  return { ...owner, link };
}
