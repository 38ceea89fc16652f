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
    const closed = [...this.#draft.closedAccounts.all()];
    return closed[Math.floor(Math.random() * closed.length)]?.id;
  }

  async delete(userId: number): Promise<void> {
    this.#draft.closedAccounts.remove(userId);
  }
}
