import * as v from 'valibot';
import type { Admin } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { deactivate } from '../identity/deactivate.ts';
import { UserView } from '../model/user.ts';
import { Id, parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';

export const DeactivateUserInput = v.object({ id: Id });

type Needs = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Takes an account out of use and ends every session of its user. */
export class DeactivateUser {
  static readonly caller = 'admin';
  static readonly input = DeactivateUserInput;
  static readonly output = UserView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `user_not_found` | `last_admin` | `unavailable` */
  async execute(caller: Admin, input: v.InferInput<typeof DeactivateUserInput>): Promise<UserView> {
    const { id } = parse(DeactivateUserInput, input);
    const view = await deactivate(this.#ports, caller, id);
    if (!view) throw new SallyportError('user_not_found');
    return view;
  }
}
