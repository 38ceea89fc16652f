import * as v from 'valibot';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import { toUserView, UserView } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Any account, active or not. */
export const getAnyUser = useCase({
  caller: 'admin',
  input: v.object({ id: Id }),
  output: UserView,
  errors: ['user_not_found'],
  async run({ users }: Pick<Ports, 'users'>, _caller, { id }) {
    const user = await users.findById(id);
    if (!user) throw new SallyportError('user_not_found');
    return toUserView(user);
  },
});
