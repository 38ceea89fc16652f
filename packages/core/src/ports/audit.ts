import type { DomainEvent } from '../model/domain-event.ts';
import type { EventType } from '../model/event-types.ts';
import type { UserId } from '../model/user.ts';
import type { StorePage } from '../model/paging.ts';

/** An event as it is stored. */
export interface AuditEntry extends DomainEvent {
  readonly id: number;
}

/** The entries to list; a field that is absent does not restrict the list. */
export interface AuditFilter {
  readonly subjectId?: UserId | undefined;
  readonly actorId?: UserId | undefined;
  readonly type?: EventType | undefined;
  readonly ip?: string | undefined;
  /** Entries from this moment on. */
  readonly since?: Date | undefined;
  /** Entries before this moment. */
  readonly until?: Date | undefined;
}

/** Reads the audit, outside any transaction. */
export interface Audit {
  /** Entries by descending id, newest first. The page starts behind the id `page.after`. */
  list(filter: AuditFilter, page: StorePage): Promise<readonly AuditEntry[]>;
}

/** Writes the audit, inside the transaction that causes the event. Entries outlive the users that they are about. */
export interface WritableAudit {
  /** Stores an event under the next free id. */
  append(event: DomainEvent): Promise<void>;

  /** Removes at most so many entries from before this moment, and returns how many. */
  purge(before: Date, limit: number): Promise<number>;
}
