import * as v from 'valibot';
import { deactivateAccount, type LeavingNeeds } from '../identity/deactivate.ts';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import { type Showing, toUserView, UserView } from '../model/user-view.ts';
import { useCase } from '../use-case.ts';

/** Deactivates an account and ends all its sessions. */
export const deactivateUser = useCase({
  caller: 'operator',
  joinable: true,
  input: v.object({ id: Id }),
  output: UserView,
  errors: ['user_not_found', 'last_admin'],
  async run(needs: LeavingNeeds & Showing, caller, { id }) {
    const user = await deactivateAccount(needs, caller, id);
    if (!user) throw new SallyportError('user_not_found');
    return toUserView(needs, user, caller);
  },
});
