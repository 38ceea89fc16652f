import * as v from 'valibot';
import { authorizeOperator } from '../authorize.ts';
import { eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import { type Showing, toUserView, UserView } from '../model/user-view.ts';
import { roleIn } from '../model/roles.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Gives a user another role. It takes effect at their next request. */
export const changeRole = useCase({
  caller: 'operator',
  joinable: true,
  input: ({ roles }) => v.object({ id: Id, role: roleIn(roles) }),
  output: UserView,
  errors: ['user_not_found', 'last_admin'],
  async run(needs: Pick<Ports, 'unitOfWork' | 'clock'> & Showing, caller, { id, role }) {
    const { unitOfWork, clock } = needs;
    const user = await unitOfWork.run(async (transaction) => {
      const { subject } = await authorizeOperator(transaction, { subject: id, removesAdmin: role !== 'admin' });
      if (!subject || subject.user.role === role) return subject?.user;
      const changed = await transaction.users.update(id, { role });
      await transaction.audit.append(eventOf('user.role_changed', caller, clock.now(), id, { role }));
      return changed;
    });
    if (!user) throw new SallyportError('user_not_found');
    return toUserView(needs, user, caller);
  },
});
