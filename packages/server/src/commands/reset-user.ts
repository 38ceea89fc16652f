import { isSallyportError, SallyportError } from '@sallyport/core';
import type { Outcome, PlainCall } from './command.ts';
import { findUser } from './find-user.ts';
import { deliver } from './deliver.ts';
import { saying } from './saying.ts';
import { withApplication } from './with-application.ts';

/** Mails a link that sets a password: a reset, or the invitation again if there is no password yet. */
export function resetUser(call: PlainCall): Promise<Outcome> {
  return withApplication(call, async (opened) => {
    const { application, system } = opened;
    const { id, isActive } = await findUser(opened, call);
    // The mail would not be sent.
    if (!isActive) throw new SallyportError('account_deactivated');
    try {
      await application.inviteUser.execute(system, { id });
    } catch (error) {
      if (!isSallyportError(error) || error.code !== 'password_already_set') throw error;
      await application.sendPasswordReset.execute(system, { id });
    }
    return { ...saying('A link that sets a new password is on its way'), notes: [await deliver(opened)] };
  });
}

/** Clears the failed passwords of an account. */
export function unslowUser(call: PlainCall): Promise<Outcome> {
  return withApplication(call, async (opened) => {
    const { application, system } = opened;
    const { email } = await findUser(opened, call);
    await application.unslowUser.execute(system, { email });
    return saying('The failed passwords of this account are cleared');
  });
}
