import * as v from 'valibot';
import type { Admin } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { happened } from '../model/domain-event.ts';
import { toUserView, UserView } from '../model/user.ts';
import { Id, parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';

export const ActivateUserInput = v.object({ id: Id });

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Puts an account back into use; its sessions that ended stay ended. */
export class ActivateUser {
  static readonly caller = 'admin';
  static readonly input = ActivateUserInput;
  static readonly output = UserView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `user_not_found` | `unavailable` */
  async execute(caller: Admin, input: v.InferInput<typeof ActivateUserInput>): Promise<UserView> {
    const { id } = parse(ActivateUserInput, input);
    const { unitOfWork, clock } = this.#ports;
    const user = await unitOfWork.run(async ({ users, audit }) => {
      const activated = await users.update(id, { isActive: true });
      if (!activated) throw new SallyportError('user_not_found');
      await audit.append(happened('user.activated', caller, clock.now(), id));
      return activated;
    });
    return toUserView(user);
  }
}
