import * as v from 'valibot';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import { type Showing, toUserView, UserView } from '../model/user-view.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Any account, active or not. */
export const getAnyUser = useCase({
  caller: 'operator',
  joinable: true,
  input: v.object({ id: Id }),
  output: UserView,
  errors: ['user_not_found'],
  async run(needs: Pick<Ports, 'users'> & Showing, caller, { id }) {
    const user = await needs.users.findById(id);
    if (!user) throw new SallyportError('user_not_found');
    return toUserView(needs, user, caller);
  },
});
