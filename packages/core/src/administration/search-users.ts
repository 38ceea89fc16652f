import * as v from 'valibot';
import { line } from '../model/input.ts';
import { pageEntries, pageOf, readPage } from '../model/paging.ts';
import { ExternalId } from '../model/user.ts';
import { type Showing, toUserView, UserView } from '../model/user-view.ts';
import { roleIn } from '../model/roles.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** All accounts by ascending id, including deactivated ones. */
export const searchUsers = useCase({
  caller: 'operator',
  joinable: true,
  input: ({ roles }) =>
    v.object({
      ...pageEntries,
      search: v.optional(
        v.pipe(
          line(1, 254),
          v.description('The beginning of an e-mail address or of any word of a name. Case and accents do not matter.'),
        ),
      ),
      role: v.optional(v.pipe(roleIn(roles), v.description('Users with this role.'))),
      isActive: v.optional(v.pipe(v.boolean(), v.description('Whether the account is active.'))),
      emailVerified: v.optional(v.pipe(v.boolean(), v.description('Whether the address is confirmed.'))),
      externalId: v.optional(v.pipe(ExternalId, v.description('The id of the account in the system of the host.'))),
    }),
  output: pageOf(UserView),
  errors: [],
  async run(
    needs: Pick<Ports, 'users'> & Showing,
    caller,
    { search, role, isActive, emailVerified, externalId, ...page },
  ) {
    const filter = { search, role, isActive, emailVerified, externalId };
    return readPage(
      page,
      (rows) => needs.users.list(filter, rows),
      (user) => toUserView(needs, user, caller),
    );
  },
});
