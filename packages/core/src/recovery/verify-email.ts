import * as v from 'valibot';
import { admit, type Limiting } from '../limits/admit.ts';
import { type ShownLink, useLink } from '../links/use-link.ts';
import type { Anyone } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import { isSallyportError, SallyportError } from '../model/errors.ts';
import { NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { useCase } from '../use-case.ts';

const purposes = ['verify-email', 'change-email'] as const;

type Needs = Limiting & Pick<Ports, 'oneTimeTokens' | 'unitOfWork'>;

/**
 * Confirms an address by its mailed link: the one that an account has, or the one that it moves to. Any string is
 * looked up as a token, so that every invalid one gets the same answer.
 */
export const verifyEmail = useCase({
  caller: 'anyone',
  input: v.object({ token: v.string() }),
  output: NoOutput,
  errors: ['invalid_one_time_token', 'rate_limited'],
  async run(needs: Needs, caller, { token }) {
    const { oneTimeTokens, unitOfWork, secrets, clock } = needs;
    await admit(needs, 'verifyEmail', caller);
    const digest = secrets.digest(token);
    const owner = await oneTimeTokens.findUser(digest, purposes, clock.now());
    if (!owner) throw new SallyportError('invalid_one_time_token');
    try {
      await unitOfWork.run((transaction) =>
        confirm(transaction, caller, { ownerId: owner.id, digest, purposes, at: clock.now() }),
      );
    } catch (error) {
      // Another account has taken the address since: the link is of no use any more.
      if (isSallyportError(error) && error.code === 'email_taken') throw new SallyportError('invalid_one_time_token');
      throw error;
    }
  },
});

async function confirm(transaction: Transaction, caller: Anyone, shown: ShownLink): Promise<void> {
  const { users, audit } = transaction;
  const { link, user } = await useLink(transaction, shown);
  if (link.purpose === 'verify-email' && user.emailVerified) return;
  await users.update(user.id, { email: link.email, emailVerified: true });
  const type = link.purpose === 'change-email' ? 'user.email_changed' : 'user.email_verified';
  await audit.append(eventOf(type, caller, shown.at, user.id));
}
