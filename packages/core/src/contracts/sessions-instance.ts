import { maxSessions, type Session } from '../model/session.ts';
import type { Sessions } from '../ports/sessions.ts';
import type { ArrangeUsers, UnitOfWorkOn } from './arrange.ts';

/** An instance of `Sessions` for its contract. */
export interface SessionsInstance {
  readonly sessions: Sessions;
  readonly unitOfWork: UnitOfWorkOn<'sessions'>;
  readonly arrange: ArrangeUsers;
}

/** Appends a session through the port under test. */
export async function addSession(
  { unitOfWork }: Pick<SessionsInstance, 'unitOfWork'>,
  session: Session,
): Promise<Session> {
  await unitOfWork.run(({ sessions }) => sessions.open(session, maxSessions));
  return session;
}
