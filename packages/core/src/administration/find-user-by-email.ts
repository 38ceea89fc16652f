import * as v from 'valibot';
import { Email } from '../model/email.ts';
import { SallyportError } from '../model/errors.ts';
import { type Showing, toUserView, UserView } from '../model/user-view.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** The account with this address, active or not. */
export const findUserByEmail = useCase({
  caller: 'operator',
  joinable: true,
  input: v.object({ email: Email }),
  output: UserView,
  errors: ['user_not_found'],
  async run(needs: Pick<Ports, 'users'> & Showing, caller, { email }) {
    const found = await needs.users.findCredentials({ email });
    if (!found) throw new SallyportError('user_not_found');
    return toUserView(needs, found.user, caller);
  },
});
