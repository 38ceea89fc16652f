import type * as v from 'valibot';
import type { Admin } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { GetUserInput } from '../identity/get-user.ts';
import { toUserView, UserView } from '../model/user.ts';
import { parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';

type Needs = Pick<Ports, 'users'>;

/** Any account, active or not. */
export class GetAnyUser {
  static readonly caller = 'admin';
  static readonly input = GetUserInput;
  static readonly output = UserView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `user_not_found` | `unavailable` */
  async execute(_caller: Admin, input: v.InferInput<typeof GetUserInput>): Promise<UserView> {
    const { id } = parse(GetUserInput, input);
    const user = await this.#ports.users.findById(id);
    if (!user) throw new SallyportError('user_not_found');
    return toUserView(user);
  }
}
