import type { DomainEvent, EventType } from '../model/domain-event.ts';
import type { UserId } from '../model/user.ts';
import type { StorePage } from '../model/paging.ts';

/** An event as it is kept. */
export interface AuditEntry extends DomainEvent {
  readonly id: number;
}

/** Which entries to list; what is left out does not matter. */
export interface AuditFilter {
  readonly subjectId?: UserId | undefined;
  readonly actorId?: UserId | undefined;
  readonly type?: EventType | undefined;
  readonly ip?: string | undefined;
  /** From this moment on. */
  readonly since?: Date | undefined;
  /** Before this moment. */
  readonly until?: Date | undefined;
}

/** Reads what happened, outside any transaction. */
export interface Audit {
  /** Entries by descending id, newest first; `page.after` is the id to start behind. */
  list(filter: AuditFilter, page: StorePage): Promise<readonly AuditEntry[]>;
}

/** Writes what happens, inside the transaction that makes it happen. Entries outlive the users that they are about. */
export interface WritableAudit {
  /** Keeps an event under the next free id. */
  append(event: DomainEvent): Promise<void>;

  /** Removes at most so many entries from before this moment, and says how many. */
  purge(before: Date, limit: number): Promise<number>;
}
