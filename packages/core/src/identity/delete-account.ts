import { authorize, authorizeOperator } from '../authorize.ts';
import { notify } from '../mails/queue-mail.ts';
import type { Anyone } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { NoInput, NoOutput } from '../model/input.ts';
import type { UserId } from '../model/user.ts';
import { useCase } from '../use-case.ts';
import type { LeavingNeeds } from './deactivate.ts';

/** Closes the member's own account. It disappears at once; what it left is deleted in the background. */
export const deleteAccount = useCase({
  caller: 'member',
  joinable: true,
  input: NoInput,
  output: NoOutput,
  errors: ['last_admin'],
  async run(needs: LeavingNeeds, caller) {
    if (!(await removeAccount(needs, caller))) throw new SallyportError('user_no_longer_exists');
  },
});

/** Closes the subject's account, or the caller's own if there is no subject. Returns whether the account existed. */
export function removeAccount(needs: LeavingNeeds, caller: Anyone, subjectId?: UserId): Promise<boolean> {
  const { unitOfWork, clock } = needs;
  return unitOfWork.run(async (transaction) => {
    const leaving = { subject: subjectId, removesAdmin: true };
    const { user } =
      subjectId === undefined
        ? (await authorize(transaction, leaving)).actor
        : ((await authorizeOperator(transaction, leaving)).subject ?? {});
    if (!user) return false;
    const { id } = user;
    const { users, closedAccounts, outbox, audit } = transaction;
    await users.delete(id);
    const now = clock.now();
    await closedAccounts.append(id, now);
    await outbox.cancel(id);
    await notify(needs, transaction, caller, user, { kind: 'account-closed', at: now });
    await audit.append(eventOf('user.deleted', caller, now, id));
    return true;
  });
}
