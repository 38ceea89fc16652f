import * as v from 'valibot';
import type { Admin } from '../caller.ts';
import { SallyportError } from '../errors.ts';
import { roles, toUserView, UserView } from '../identity/user.ts';
import { Id, parse } from '../input.ts';
import type { Ports } from '../ports/ports.ts';
import { keepAnAdmin } from './keep-an-admin.ts';

export const ChangeRoleInput = v.object({ id: Id, role: v.picklist(roles) });

type Needs = Pick<Ports, 'unitOfWork'>;

/** Gives a user another role; it counts from their next request on. */
export class ChangeRole {
  static readonly input = ChangeRoleInput;
  static readonly output = UserView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `user_not_found` | `last_admin` | `unavailable` */
  async execute(_caller: Admin, input: v.InferInput<typeof ChangeRoleInput>): Promise<UserView> {
    const { id, role } = parse(ChangeRoleInput, input);
    const user = await this.#ports.unitOfWork.run(async ({ users }) => {
      if (role !== 'admin') await keepAnAdmin(users, id);
      return users.update(id, { role });
    });
    if (!user) throw new SallyportError('user_not_found');
    return toUserView(user);
  }
}
