import * as v from 'valibot';
import type { Admin } from '../model/caller.ts';
import { baseRoles, toUserView, UserView } from '../model/user.ts';
import { foldCase, line, parse } from '../model/input.ts';
import { type Page, pageEntries, pageOf, readPage } from '../model/paging.ts';
import type { Ports } from '../ports/ports.ts';

export const SearchUsersInput = v.object({
  ...pageEntries,
  /** The beginning of an e-mail address or of a name, in any case. */
  search: v.optional(line(1, 254)),
  role: v.optional(v.picklist(baseRoles)),
  isActive: v.optional(v.boolean()),
});

type Needs = Pick<Ports, 'users'>;

/** All accounts by ascending id, those out of use too. */
export class SearchUsers {
  static readonly caller = 'admin';
  static readonly input = SearchUsersInput;
  static readonly output = pageOf(UserView);

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `unavailable` */
  async execute(_caller: Admin, input: v.InferInput<typeof SearchUsersInput>): Promise<Page<UserView>> {
    const { search, role, isActive, ...page } = parse(SearchUsersInput, input);
    const filter = { role, isActive, search: search && foldCase(search) };
    return readPage(page, (rows) => this.#ports.users.list(filter, rows), toUserView);
  }
}
