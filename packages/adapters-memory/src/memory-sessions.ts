import {
  SallyportError,
  type Session,
  type Sessions,
  type SessionWithUser,
  type WritableSessions,
} from '@sallyport/core';
import type { Database, DatabaseDraft } from './database.ts';
import { toUser } from './memory-users.ts';

export class MemorySessions implements Sessions {
  readonly #committed: () => Database;
  constructor(committed: () => Database) {
    this.#committed = committed;
  }

  async findWithUser(id: string): Promise<SessionWithUser | undefined> {
    const { sessions, users } = this.#committed();
    const session = sessions.get(id);
    const user = session && users.get(session.userId);
    return user && { session, user: toUser(user) };
  }
}

export class MemoryWritableSessions implements WritableSessions {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async append(session: Session): Promise<void> {
    if (!this.#draft.users.get(session.userId)) this.#draft.refuse(new SallyportError('user_no_longer_exists'));
    if (this.#draft.sessions.get(session.id)) this.#draft.refuse(new Error('A session id was given out twice'));
    this.#draft.sessions.put(session);
  }

  async end(id: string, endedAt: Date): Promise<boolean> {
    const session = this.#draft.sessions.get(id);
    if (!session || session.endedAt) return false;
    this.#draft.sessions.put({ ...session, endedAt });
    return true;
  }

  async endAllOf(userId: number, endedAt: Date, except?: string): Promise<number> {
    const { sessions } = this.#draft;
    const open = sessions.withKey(userId).filter((session) => !session.endedAt && session.id !== except);
    for (const session of open) sessions.put({ ...session, endedAt });
    return open.length;
  }
}
