import type { WritableClosedAccounts } from '@sallyport/core';
import type { DatabaseDraft } from './database.ts';

export class MemoryClosedAccounts implements WritableClosedAccounts {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async append(userId: number, closedAt: Date): Promise<void> {
    this.#draft.closedAccounts.put({ id: userId, closedAt });
  }

  async claim(): Promise<number | undefined> {
    for (const { id } of this.#draft.closedAccounts.all()) return id;
    return undefined;
  }

  async delete(userId: number): Promise<void> {
    this.#draft.closedAccounts.remove(userId);
  }
}
