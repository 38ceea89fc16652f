import * as v from 'valibot';
import { requireAdmin } from '../model/caller.ts';
import { pageEntries, pageOf, readPage } from '../model/paging.ts';
import type { Policy } from '../model/policy.ts';
import { toUserView, UserView } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

type Needs = Pick<Ports, 'users'> & {
  readonly policy: Pick<Policy, 'userDirectory'>;
};

/** The directory: active accounts by ascending id. */
export const listUsers = useCase({
  caller: 'member',
  input: v.object(pageEntries),
  output: pageOf(UserView),
  errors: ['admin_required'],
  async run({ users, policy }: Needs, caller, page) {
    if (policy.userDirectory === 'admins') requireAdmin(caller);
    return readPage(page, (rows) => users.list({ isActive: true }, rows), toUserView);
  },
});
