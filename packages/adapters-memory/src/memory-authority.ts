import type { AuthorityRequest, LockedAuthority, WritableAuthority } from '@sallyport/core';
import type { DatabaseDraft } from './database.ts';
import { MemoryWritableUsers } from './memory-users.ts';

/** Transactions run one at a time, so there is nothing to lock. */
export class MemoryWritableAuthority implements WritableAuthority {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async lock({ actorId, sessionId, subjectId }: AuthorityRequest): Promise<LockedAuthority> {
    const users = new MemoryWritableUsers(this.#draft);
    const session = this.#draft.sessions.get(sessionId);
    return {
      actor: await users.lockCredentials(actorId),
      session: session?.userId === actorId ? session : undefined,
      subject: subjectId === undefined ? undefined : await users.lockCredentials(subjectId),
    };
  }
}
