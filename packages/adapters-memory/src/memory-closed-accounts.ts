import type { WritableClosedAccounts } from '@sallyport/core';
import type { DatabaseDraft } from './database.ts';

/** The claims so far, also those that were rolled back: an account whose purge failed waits for its next turn. */
let claims = 0;

export class MemoryClosedAccounts implements WritableClosedAccounts {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async append(userId: number, closedAt: Date): Promise<void> {
    this.#draft.closedAccounts.put({ id: userId, closedAt });
  }

  async claim(): Promise<number | undefined> {
    const closed = [...this.#draft.closedAccounts.all()];
    claims += 1;
    return closed[claims % closed.length]?.id;
  }

  async delete(userId: number): Promise<void> {
    this.#draft.closedAccounts.remove(userId);
  }
}
