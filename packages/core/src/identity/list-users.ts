import * as v from 'valibot';
import { pageEntries, pageOf, readPage } from '../model/paging.ts';
import { forDirectory } from '../model/policy.ts';
import { type Showing, toUserView, UserView } from '../model/user-view.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** The directory: active accounts by ascending id. */
export const listUsers = useCase({
  caller: 'member',
  joinable: true,
  restrictedTo: forDirectory,
  input: v.object(pageEntries),
  output: pageOf(UserView),
  errors: ['admin_required'],
  async run(needs: Pick<Ports, 'users'> & Showing, caller, page) {
    const { users } = needs;
    return readPage(
      page,
      (rows) => users.list({ isActive: true }, rows),
      (user) => toUserView(needs, user, caller),
    );
  },
});
