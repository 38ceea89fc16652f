import * as v from 'valibot';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { listLiveSessions, type ListNeeds, sessionPageEntries, SessionPage } from '../sessions/list-live-sessions.ts';
import { useCase } from '../use-case.ts';

/** The live sessions of any account, the newest first. */
export const listUserSessions = useCase({
  caller: 'operator',
  joinable: true,
  input: v.object({ id: Id, ...sessionPageEntries }),
  output: SessionPage,
  errors: ['user_not_found'],
  async run(needs: ListNeeds & Pick<Ports, 'users'>, caller, { id, ...page }) {
    if (!(await needs.users.findById(id))) throw new SallyportError('user_not_found');
    return listLiveSessions(needs, caller, id, page);
  },
});
