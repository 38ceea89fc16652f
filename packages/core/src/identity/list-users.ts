import * as v from 'valibot';
import { type Member, requireAdmin } from '../model/caller.ts';
import { parse } from '../model/input.ts';
import { type Page, pageEntries, pageOf, readPage } from '../model/paging.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { toUserView, UserView } from '../model/user.ts';

export const ListUsersInput = v.object(pageEntries);

type Needs = Pick<Ports, 'users'>;

/** The directory: active accounts by ascending id. */
export class ListUsers {
  static readonly caller = 'member';
  static readonly input = ListUsersInput;
  static readonly output = pageOf(UserView);

  readonly #ports: Needs;
  readonly #policy: Pick<Policy, 'userDirectory'>;
  constructor(ports: Needs, policy: Pick<Policy, 'userDirectory'>) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /** @throws SallyportError `validation_failed` | `admin_required` | `unavailable` */
  async execute(caller: Member, input: v.InferInput<typeof ListUsersInput>): Promise<Page<UserView>> {
    if (this.#policy.userDirectory === 'admins') requireAdmin(caller);
    const page = parse(ListUsersInput, input);
    return readPage(page, (rows) => this.#ports.users.list({ isActive: true }, rows), toUserView);
  }
}
