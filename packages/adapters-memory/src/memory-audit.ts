import type {
  Audit,
  AuditEntry,
  AuditFilter,
  AuditPage,
  AuditPosition,
  DomainEvent,
  StorePage,
  WritableAudit,
} from '@sallyport/core';
import { type Database, type DatabaseDraft, purgeRows, readRows } from './database.ts';

export class MemoryAudit implements Audit {
  readonly #committed: () => Database;
  constructor(committed: () => Database) {
    this.#committed = committed;
  }

  async list(
    { subjectId, actorId, type, ip, since, until }: AuditFilter,
    page: StorePage,
  ): Promise<readonly AuditEntry[]> {
    const { audit, ids } = this.#committed();
    const matches = (entry: AuditEntry) =>
      (subjectId === undefined || entry.subjectId === subjectId) &&
      (actorId === undefined || entry.actorId === actorId) &&
      (type === undefined || entry.type === type) &&
      (ip === undefined || entry.ip === ip) &&
      (since === undefined || entry.at >= since) &&
      (until === undefined || entry.at < until);
    return readRows(ids.event.from(page.after, 'down'), (id) => audit.get(id), matches, page);
  }

  async since(position: AuditPosition | undefined, limit: number): Promise<AuditPage> {
    if (position !== undefined && !/^\d{1,15}$/.test(position)) {
      throw new RangeError('This is no position in the audit');
    }
    const { audit, ids } = this.#committed();
    const behind = ids.event.from(position === undefined ? undefined : Number(position), 'up');
    const entries = readRows(
      behind,
      (id) => audit.get(id),
      () => true,
      { skip: 0, limit },
    );
    const last = entries.at(-1);
    return { entries, position: last ? String(last.id) : position };
  }
}

export class MemoryWritableAudit implements WritableAudit {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async append(event: DomainEvent): Promise<void> {
    this.#draft.audit.put({ ...event, id: this.#draft.ids.event.next() });
  }

  async appendAll(events: readonly DomainEvent[]): Promise<void> {
    for (const event of events) await this.append(event);
  }

  async purge(before: Date, limit: number): Promise<number> {
    return purgeRows(this.#draft.audit, ({ at }) => at < before, limit);
  }
}
