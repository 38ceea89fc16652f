import { authorize } from '../authorize.ts';
import type { Member } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { NoInput, NoOutput } from '../model/input.ts';
import type { UserId } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Closes the member's own account. It disappears at once; what it left is deleted in the background. */
export const deleteAccount = useCase({
  caller: 'member',
  joinable: true,
  input: NoInput,
  output: NoOutput,
  errors: ['last_admin'],
  async run(needs: Needs, caller) {
    if (!(await removeAccount(needs, caller))) throw new SallyportError('user_no_longer_exists');
  },
});

/** Closes the subject's account, or the caller's own if there is no subject. Returns whether the account existed. */
export function removeAccount({ unitOfWork, clock }: Needs, caller: Member, subjectId?: UserId): Promise<boolean> {
  return unitOfWork.run(async (transaction) => {
    await authorize(transaction, { subject: subjectId, removesAdmin: true });
    const id = subjectId ?? caller.user.id;
    const { users, closedAccounts, outbox, audit } = transaction;
    if (!(await users.delete(id))) return false;
    const now = clock.now();
    await closedAccounts.append(id, now);
    await outbox.cancel(id);
    await audit.append(eventOf('user.deleted', caller, now, id));
    return true;
  });
}
