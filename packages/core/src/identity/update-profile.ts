import * as v from 'valibot';
import { authorize } from '../authorize.ts';
import { SallyportError } from '../model/errors.ts';
import { Age, City, Name, toUserView, UserView } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Changes the member's own profile. A field that is absent or `null` keeps its value. */
export const updateProfile = useCase({
  caller: 'member',
  input: v.object({ name: v.nullish(Name), age: v.nullish(Age), city: v.nullish(City) }),
  output: UserView,
  errors: [],
  async run({ unitOfWork }: Pick<Ports, 'unitOfWork'>, caller, { name, age, city }) {
    const changes = { name: name ?? undefined, age: age ?? undefined, city: city ?? undefined };
    const user = await unitOfWork.run(async (transaction) => {
      await authorize(transaction);
      return transaction.users.update(caller.user.id, changes);
    });
    if (!user) throw new SallyportError('user_no_longer_exists');
    return toUserView(user);
  },
});
