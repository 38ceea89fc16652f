import * as v from 'valibot';
import type { Admin } from '../caller.ts';
import { SallyportError } from '../errors.ts';
import { toUserView, UserView } from '../identity/user.ts';
import { Id, parse } from '../input.ts';
import type { Ports } from '../ports/ports.ts';

export const ActivateUserInput = v.object({ id: Id });

type Needs = Pick<Ports, 'unitOfWork'>;

/** Puts an account back into use; its sessions that ended stay ended. */
export class ActivateUser {
  static readonly input = ActivateUserInput;
  static readonly output = UserView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `user_not_found` | `unavailable` */
  async execute(_caller: Admin, input: v.InferInput<typeof ActivateUserInput>): Promise<UserView> {
    const { id } = parse(ActivateUserInput, input);
    const user = await this.#ports.unitOfWork.run(({ users }) => users.update(id, { isActive: true }));
    if (!user) throw new SallyportError('user_not_found');
    return toUserView(user);
  }
}
