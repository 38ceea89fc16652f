import { authorize, authorizeOperator } from '../authorize.ts';
import { forgetLinks } from '../links/forget-links.ts';
import { notify, type Notifying } from '../mails/queue-mail.ts';
import type { Anyone } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { NoInput } from '../model/input.ts';
import type { User, UserId } from '../model/user.ts';
import { type Showing, toOwnView, UserView } from '../model/user-view.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** What is needed to deactivate or close an account. */
export type LeavingNeeds = Notifying & Pick<Ports, 'unitOfWork' | 'clock'>;

/** Deactivates the member's own account and ends every session of it. */
export const deactivate = useCase({
  caller: 'member',
  joinable: true,
  input: NoInput,
  output: UserView,
  errors: ['last_admin'],
  async run(needs: LeavingNeeds & Showing, caller) {
    const user = await deactivateAccount(needs, caller);
    if (!user) throw new SallyportError('user_no_longer_exists');
    return toOwnView(needs, user);
  },
});

/**
 * Deactivates the subject's account, or the caller's own if there is no subject; `undefined` if the account does not
 * exist.
 */
export function deactivateAccount(needs: LeavingNeeds, caller: Anyone, subjectId?: UserId): Promise<User | undefined> {
  const { unitOfWork, clock } = needs;
  return unitOfWork.run(async (transaction) => {
    const leaving = { subject: subjectId, removesAdmin: true };
    const { user } =
      subjectId === undefined
        ? (await authorize(transaction, leaving)).actor
        : ((await authorizeOperator(transaction, leaving)).subject ?? {});
    if (!user?.isActive) return user;
    const { users, sessions, audit } = transaction;
    const now = clock.now();
    const deactivated = await users.update(user.id, { isActive: false });
    await sessions.endAllOf(user.id, now);
    await forgetLinks(transaction, user.id);
    await notify(needs, transaction, caller, user, { kind: 'account-deactivated', at: now });
    await audit.append(eventOf('user.deactivated', caller, now, user.id));
    return deactivated;
  });
}
