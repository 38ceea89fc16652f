import * as v from 'valibot';
import { foldCase, line } from '../model/input.ts';
import { pageEntries, pageOf, readPage } from '../model/paging.ts';
import { baseRoles, toUserView, UserView } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** All accounts by ascending id, including deactivated ones. */
export const searchUsers = useCase({
  caller: 'admin',
  input: v.object({
    ...pageEntries,
    /** The beginning of an e-mail address or of a name, in any case. */
    search: v.optional(line(1, 254)),
    role: v.optional(v.picklist(baseRoles)),
    isActive: v.optional(v.boolean()),
  }),
  output: pageOf(UserView),
  errors: [],
  async run({ users }: Pick<Ports, 'users'>, _caller, { search, role, isActive, ...page }) {
    const filter = { role, isActive, search: search && foldCase(search) };
    return readPage(page, (rows) => users.list(filter, rows), toUserView);
  },
});
