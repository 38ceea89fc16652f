import * as v from 'valibot';
import { line } from '../model/input.ts';
import { pageEntries, pageOf, readPage } from '../model/paging.ts';
import { ExternalId } from '../model/user.ts';
import { type Showing, toUserView, UserView } from '../model/user-view.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** All accounts by ascending id, including deactivated ones. */
export const searchUsers = useCase({
  caller: 'operator',
  joinable: true,
  input: ({ roles }) =>
    v.object({
      ...pageEntries,
      /** The beginning of an e-mail address or of words of a name. Case and accents do not matter. */
      search: v.optional(line(1, 254)),
      role: v.optional(v.picklist(roles)),
      isActive: v.optional(v.boolean()),
      emailVerified: v.optional(v.boolean()),
      externalId: v.optional(ExternalId),
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
