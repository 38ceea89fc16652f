import * as v from 'valibot';
import type { Admin } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { happened } from '../model/domain-event.ts';
import { baseRoles, toUserView, UserView } from '../model/user.ts';
import { Id, parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { keepAnAdmin } from '../identity/keep-an-admin.ts';

export const ChangeRoleInput = v.object({ id: Id, role: v.picklist(baseRoles) });

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Gives a user another role; it counts from their next request on. */
export class ChangeRole {
  static readonly caller = 'admin';
  static readonly input = ChangeRoleInput;
  static readonly output = UserView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `user_not_found` | `last_admin` | `unavailable` */
  async execute(caller: Admin, input: v.InferInput<typeof ChangeRoleInput>): Promise<UserView> {
    const { id, role } = parse(ChangeRoleInput, input);
    const { unitOfWork, clock } = this.#ports;
    const user = await unitOfWork.run(async ({ users, audit }) => {
      if (role !== 'admin') await keepAnAdmin(users, id);
      const changed = await users.update(id, { role });
      if (!changed) throw new SallyportError('user_not_found');
      await audit.append(happened('user.role_changed', caller, clock.now(), id, { role }));
      return changed;
    });
    return toUserView(user);
  }
}
