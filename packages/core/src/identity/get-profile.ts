import { NoInput } from '../model/input.ts';
import { type Showing, toOwnView, UserView } from '../model/user-view.ts';
import { useCase } from '../use-case.ts';

/** The member's own account. */
export const getProfile = useCase({
  caller: 'member',
  joinable: true,
  input: NoInput,
  output: UserView,
  errors: [],
  run: async (needs: Showing, { user }) => toOwnView(needs, user),
});
