import * as v from 'valibot';
import { refuseGuessable } from '../identity/password-policy.ts';
import { replacePassword } from '../identity/replace-password.ts';
import { admit, type Limiting } from '../limits/admit.ts';
import { tryToForgetFailures } from '../limits/guessing.ts';
import { consumeLink } from '../links/use-link.ts';
import { forgetNetworks, rememberNetwork } from '../limits/known-network.ts';
import type { Notifying } from '../mails/queue-mail.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { LinkToken, NoOutput } from '../model/input.ts';
import { passwordLinks as purposes } from '../model/mail.ts';
import { NewPassword } from '../model/password.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

type Needs = Limiting & Notifying & Pick<Ports, 'oneTimeTokens' | 'unitOfWork' | 'hasher' | 'commonPasswords'>;

/**
 * Sets a password, for the holder of a mailed link of a reset or an invitation. Every session of the account ends and
 * its failed logins are cleared. If the password is refused, the token stays valid.
 */
export const resetPassword = useCase({
  caller: 'anyone',
  input: v.object({ token: LinkToken, newPassword: NewPassword }),
  output: NoOutput,
  errors: ['invalid_one_time_token', 'rate_limited'],
  async run(needs: Needs, caller, { token, newPassword }) {
    const { oneTimeTokens, unitOfWork, hasher, commonPasswords, secrets, clock } = needs;
    await admit(needs, 'resetPassword', caller);
    const digest = secrets.digest(token);
    const found = await oneTimeTokens.find({ digest, purposes, at: clock.now() });
    if (!found) throw new SallyportError('invalid_one_time_token');
    const { user: owner } = found;
    await refuseGuessable(newPassword, owner, commonPasswords, 'newPassword');
    const passwordHash = await hasher.hash(newPassword);

    await unitOfWork.run(async (transaction) => {
      const { id } = owner;
      const now = clock.now();
      const { user, proof } = await consumeLink(transaction, { ownerId: id, digest, purposes, at: now });
      // An attacker who registered the address before its owner is logged out as well.
      await replacePassword(needs, transaction, caller, { user, proof, passwordHash, at: now });
      if (!user.emailVerified) await forgetNetworks(transaction, id);
      await rememberNetwork(transaction, caller, id, { did: 'link', at: now });
      await transaction.audit.append(eventOf('user.password_reset', caller, now, id));
    });
    await tryToForgetFailures(needs, owner.email);
  },
});
