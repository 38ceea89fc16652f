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

/** How far a consumer has read the audit. Keep it as it is: each store has its own form. */
export type AuditPosition = string;

/** Entries for a consumer, and the position behind them. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** The same as before if there are no entries yet. */
  readonly position: AuditPosition | undefined;
}

/** Reads the audit, outside any transaction. */
export interface Audit {
  /** Entries by descending id, newest first. The page starts behind the id `page.after`. */
  list(filter: AuditFilter, page: StorePage): Promise<readonly AuditEntry[]>;

  /**
   * The next entries behind a position, at most so many; from the beginning if there is none. A consumer that keeps the
   * position together with what it did gets each entry once and misses none, whatever the order in which transactions
   * commit. An entry is held back until every transaction that began before its own is over, so the order is not always
   * that of the ids.
   *
   * @throws RangeError when this store made no such position
   */
  since(position: AuditPosition | undefined, limit: number): Promise<AuditPage>;
}

/** Writes the audit, inside the transaction that causes the event. Entries outlive the users that they are about. */
export interface WritableAudit {
  /** Stores an event under the next free id. */
  append(event: DomainEvent): Promise<void>;

  /** Stores events as `append` does, in their order. */
  appendAll(events: readonly DomainEvent[]): Promise<void>;

  /** Removes at most so many entries from before this moment, and returns how many. */
  purge(before: Date, limit: number): Promise<number>;
}
