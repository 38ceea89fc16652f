import type { Claim, ClaimedMail, MailKind, QueuedMail, WaitingMails, WritableOutbox } from '@sallyport/core';
import type { DatabaseDraft, MailRow } from './database.ts';

export class MemoryOutbox implements WritableOutbox {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async append(mail: QueuedMail): Promise<void> {
    this.#draft.outbox.put({
      ...mail,
      id: this.#draft.ids.mail.next(),
      dueAt: mail.queuedAt,
      attempts: 0,
      counted: false,
    });
  }

  async claim({ at, until, limit }: { at: Date; until: Date; limit: number }): Promise<readonly ClaimedMail[]> {
    const due = [...this.#draft.outbox.all()].filter(({ dueAt }) => dueAt <= at);
    const oldest = due.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || a.id - b.id).slice(0, limit);
    return oldest.map(({ dueAt: _, ...mail }) => {
      const claimed = { ...mail, attempts: mail.attempts + 1 };
      this.#draft.outbox.put({ ...claimed, dueAt: until });
      return claimed;
    });
  }

  async holds({ id, attempts }: Claim): Promise<boolean> {
    return this.#draft.outbox.get(id)?.attempts === attempts;
  }

  async markCounted(claim: Claim): Promise<void> {
    this.#update(claim, { counted: true });
  }

  async postpone(claim: Claim, until: Date): Promise<void> {
    this.#update(claim, { dueAt: until });
  }

  async cancel(userId: number, kind?: MailKind): Promise<void> {
    for (const mail of this.#draft.outbox.all()) {
      if (mail.userId === userId && (kind === undefined || mail.kind === kind)) this.#draft.outbox.remove(mail.id);
    }
  }

  async cancelEvery(kind: MailKind): Promise<void> {
    for (const mail of this.#draft.outbox.all()) if (mail.kind === kind) this.#draft.outbox.remove(mail.id);
  }

  async delete(claim: Claim): Promise<void> {
    if (await this.holds(claim)) this.#draft.outbox.remove(claim.id);
  }

  async waiting(): Promise<WaitingMails> {
    const [oldest, ...others] = [...this.#draft.outbox.all()].toSorted(
      (a, b) => a.queuedAt.getTime() - b.queuedAt.getTime(),
    );
    return { count: oldest ? others.length + 1 : 0, oldestQueuedAt: oldest?.queuedAt };
  }

  #update({ id, attempts }: Claim, changes: Partial<MailRow>): void {
    const row = this.#draft.outbox.get(id);
    if (row?.attempts === attempts) this.#draft.outbox.put({ ...row, ...changes });
  }
}
