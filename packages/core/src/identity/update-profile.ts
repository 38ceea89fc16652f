import * as v from 'valibot';
import { authorize } from '../authorize.ts';
import { SallyportError } from '../model/errors.ts';
import { sentFields } from '../model/profile.ts';
import { Name } from '../model/user.ts';
import { type Showing, toOwnView, UserView } from '../model/user-view.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Changes the member's own profile. A field that is absent or `null` keeps its value. */
export const updateProfile = useCase({
  caller: 'member',
  joinable: true,
  input: ({ profile }) => v.object({ name: v.nullish(Name), profile: profile.changesBy('self') }),
  output: UserView,
  errors: [],
  async run(needs: Pick<Ports, 'unitOfWork'> & Showing, caller, { name, profile }) {
    const user = await needs.unitOfWork.run(async (transaction) => {
      await authorize(transaction);
      return transaction.users.update(caller.user.id, { name: name ?? undefined, profile: sentFields(profile) });
    });
    if (!user) throw new SallyportError('user_no_longer_exists');
    return toOwnView(needs, user);
  },
});
