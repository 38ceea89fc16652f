import * as v from 'valibot';
import type { LeavingNeeds } from '../identity/deactivate.ts';
import { removeAccount } from '../identity/delete-account.ts';
import { SallyportError } from '../model/errors.ts';
import { Id, NoOutput } from '../model/input.ts';
import { useCase } from '../use-case.ts';

/** Closes an account. It disappears at once; what it left is deleted in the background. */
export const deleteUser = useCase({
  caller: 'operator',
  joinable: true,
  input: v.object({ id: Id }),
  output: NoOutput,
  errors: ['user_not_found', 'last_admin'],
  async run(needs: LeavingNeeds, caller, { id }) {
    if (!(await removeAccount(needs, caller, id))) throw new SallyportError('user_not_found');
  },
});
