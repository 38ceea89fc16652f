import type { User } from '../model/user.ts';
import type { NewUser, Users } from '../ports/users.ts';
import type { UnitOfWorkOn } from './arrange.ts';
import { newUser } from './samples.ts';

/** An instance of `Users` for its contract. */
export interface UsersInstance {
  readonly users: Users;
  readonly unitOfWork: UnitOfWorkOn<'users'>;
}

/** Appends a user through the port under test. */
export function addUser(
  { unitOfWork }: Pick<UsersInstance, 'unitOfWork'>,
  name: string,
  fields?: Partial<NewUser>,
): Promise<User> {
  return unitOfWork.run(({ users }) => users.append(newUser(name, fields)));
}
