import * as v from 'valibot';
import { admit, type Limiting } from '../limits/admit.ts';
import { openLink, type ShownLink } from '../links/use-link.ts';
import type { Anyone } from '../model/caller.ts';
import { rememberNetwork } from '../limits/known-network.ts';
import { notify, type Notifying } from '../mails/queue-mail.ts';
import { eventOf } from '../model/domain-event.ts';
import { isSallyportError, SallyportError } from '../model/errors.ts';
import { LinkToken, NoOutput } from '../model/input.ts';
import { addressLinks } from '../model/mail.ts';
import type { Ports } from '../ports/ports.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { useCase } from '../use-case.ts';

type Needs = Limiting & Notifying & Pick<Ports, 'oneTimeTokens' | 'unitOfWork'>;

/**
 * Confirms an address by its mailed link: the account's own, or the one that it changes to. The change happens once. A
 * repeat succeeds while the link has not expired and the account still has the address.
 */
export const verifyEmail = useCase({
  caller: 'anyone',
  input: v.object({ token: LinkToken }),
  output: NoOutput,
  errors: ['invalid_one_time_token', 'rate_limited'],
  async run(needs: Needs, caller, { token }) {
    const { oneTimeTokens, unitOfWork, secrets, clock } = needs;
    await admit(needs, 'verifyEmail', caller);
    const shown = { digest: secrets.digest(token), purposes: addressLinks, at: clock.now() };
    const found = await oneTimeTokens.find(shown);
    if (!found) throw new SallyportError('invalid_one_time_token');
    try {
      await unitOfWork.run((transaction) => confirm(needs, transaction, caller, { ...shown, ownerId: found.user.id }));
    } catch (error) {
      // Another account has taken the address since then, so the link is useless.
      if (isSallyportError(error) && error.code === 'email_taken') throw new SallyportError('invalid_one_time_token');
      throw error;
    }
  },
});

async function confirm(needs: Notifying, transaction: Transaction, caller: Anyone, shown: ShownLink): Promise<void> {
  const { users, oneTimeTokens, outbox, audit } = transaction;
  const { link, user } = await openLink(transaction, shown);
  const { email, digest } = link;
  const hasAddress = user.email === email;
  if (hasAddress && user.emailVerified) return;
  await rememberNetwork(transaction, caller, user.id, { did: 'link', at: shown.at });
  if (hasAddress) {
    await users.update(user.id, { emailVerified: true });
    await audit.append(eventOf('user.email_verified', caller, shown.at, user.id));
    return;
  }
  await users.changeCredentials(user.id, { email, emailVerified: true });
  // Links to other addresses were requested before this one was chosen.
  await oneTimeTokens.deleteAllOf(user.id, { purposes: ['change-email'], except: digest });
  await outbox.cancel(user.id, 'change-email');
  await notify(needs, transaction, caller, user, { kind: 'email-changed', at: shown.at });
  await audit.append(eventOf('user.email_changed', caller, shown.at, user.id));
}
