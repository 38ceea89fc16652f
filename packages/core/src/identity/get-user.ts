import * as v from 'valibot';
import { isAdmin } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import { forDirectory } from '../model/policy.ts';
import { type Showing, toUserView, UserView } from '../model/user-view.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Another user's account. Only admins see one that is deactivated. */
export const getUser = useCase({
  caller: 'member',
  joinable: true,
  restrictedTo: forDirectory,
  input: v.object({ id: Id }),
  output: UserView,
  errors: ['admin_required', 'user_not_found'],
  async run(needs: Pick<Ports, 'users'> & Showing, caller, { id }) {
    const user = await needs.users.findById(id);
    if (!user || !(user.isActive || isAdmin(caller))) throw new SallyportError('user_not_found');
    return toUserView(needs, user, caller);
  },
});
