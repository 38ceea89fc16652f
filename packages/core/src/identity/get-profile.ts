import { NoInput } from '../model/input.ts';
import { toUserView, UserView } from '../model/user.ts';
import { useCase } from '../use-case.ts';

/** The member's own account. */
export const getProfile = useCase({
  caller: 'member',
  input: NoInput,
  output: UserView,
  errors: [],
  run: async (_needs: object, { user }) => toUserView(user),
});
