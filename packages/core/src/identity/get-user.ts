import * as v from 'valibot';
import { isAdmin, requireAdmin } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import type { Policy } from '../model/policy.ts';
import { toUserView, UserView } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

type Needs = Pick<Ports, 'users'> & {
  readonly policy: Pick<Policy, 'userDirectory'>;
};

/** Another user's account. Only admins see one that is deactivated. */
export const getUser = useCase({
  caller: 'member',
  input: v.object({ id: Id }),
  output: UserView,
  errors: ['admin_required', 'user_not_found'],
  async run({ users, policy }: Needs, caller, { id }) {
    if (policy.userDirectory === 'admins') requireAdmin(caller);
    const user = await users.findById(id);
    if (!user || !(user.isActive || isAdmin(caller))) throw new SallyportError('user_not_found');
    return toUserView(user);
  },
});
