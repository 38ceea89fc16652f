import * as v from 'valibot';
import { isAdmin, type Member, requireAdmin } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { Id, parse } from '../model/input.ts';
import type { Policy } from '../model/policy.ts';
import type { Ports } from '../ports/ports.ts';
import { toUserView, UserView } from '../model/user.ts';

export const GetUserInput = v.object({ id: Id });

type Needs = Pick<Ports, 'users'>;

/** Another user's account; one out of use is for admins only. */
export class GetUser {
  static readonly caller = 'member';
  static readonly input = GetUserInput;
  static readonly output = UserView;

  readonly #ports: Needs;
  readonly #policy: Pick<Policy, 'userDirectory'>;
  constructor(ports: Needs, policy: Pick<Policy, 'userDirectory'>) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /** @throws SallyportError `validation_failed` | `admin_required` | `user_not_found` | `unavailable` */
  async execute(caller: Member, input: v.InferInput<typeof GetUserInput>): Promise<UserView> {
    if (this.#policy.userDirectory === 'admins') requireAdmin(caller);
    const { id } = parse(GetUserInput, input);
    const user = await this.#ports.users.findById(id);
    if (!user || !(user.isActive || isAdmin(caller))) throw new SallyportError('user_not_found');
    return toUserView(user);
  }
}
