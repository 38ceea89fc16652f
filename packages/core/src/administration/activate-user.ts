import * as v from 'valibot';
import { authorizeOperator } from '../authorize.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import { type Showing, toUserView, UserView } from '../model/user-view.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Activates an account. Sessions that have ended stay ended. */
export const activateUser = useCase({
  caller: 'operator',
  joinable: true,
  input: v.object({ id: Id }),
  output: UserView,
  errors: ['user_not_found'],
  async run(needs: Pick<Ports, 'unitOfWork' | 'clock'> & Showing, caller, { id }) {
    const { unitOfWork, clock } = needs;
    const user = await unitOfWork.run(async (transaction) => {
      const { subject } = await authorizeOperator(transaction, { subject: id });
      if (!subject || subject.user.isActive) return subject?.user;
      const activated = await transaction.users.update(id, { isActive: true });
      await transaction.audit.append(eventOf('user.activated', caller, clock.now(), id));
      return activated;
    });
    if (!user) throw new SallyportError('user_not_found');
    return toUserView(needs, user, caller);
  },
});
