import * as v from 'valibot';
import type { Member } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import { parse } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { Age, City, Name, toUserView, UserView } from '../model/user.ts';

/** `null` stands for a field that was not sent. */
export const UpdateProfileInput = v.object({
  name: v.nullish(Name),
  age: v.nullish(Age),
  city: v.nullish(City),
});

type Needs = Pick<Ports, 'unitOfWork'>;

/** Changes what a member says of themselves; fields that are left out stay. */
export class UpdateProfile {
  static readonly caller = 'member';
  static readonly input = UpdateProfileInput;
  static readonly output = UserView;

  readonly #ports: Needs;
  constructor(ports: Needs) {
    this.#ports = ports;
  }

  /** @throws SallyportError `validation_failed` | `user_no_longer_exists` | `unavailable` */
  async execute(caller: Member, input: v.InferInput<typeof UpdateProfileInput>): Promise<UserView> {
    const { name, age, city } = parse(UpdateProfileInput, input);
    const changes = { name: name ?? undefined, age: age ?? undefined, city: city ?? undefined };
    const user = await this.#ports.unitOfWork.run(({ users }) => users.update(caller.user.id, changes));
    if (!user) throw new SallyportError('user_no_longer_exists');
    return toUserView(user);
  }
}
