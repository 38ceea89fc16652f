import type { Anyone } from './caller.ts';
import type { EventType } from './event-types.ts';
import type { UserId } from './user.ts';
import { originOf, type StoredOrigin } from './origin.ts';

/** Further facts about the event; never a password, a token or a hash. */
export type EventDetail = Readonly<Record<string, string | number | boolean>>;

/** An event, recorded in the transaction that causes it. */
export interface DomainEvent extends StoredOrigin {
  readonly type: EventType;
  readonly at: Date;
  /** The user who acted, if known. */
  readonly actorId?: UserId | undefined;
  /** The user whose account is affected, if known. */
  readonly subjectId?: UserId | undefined;
  readonly detail: EventDetail;
}

/** The event of this caller acting on this subject. If the system acts, the detail says so. */
export function eventOf(
  type: EventType,
  caller: Anyone,
  at: Date,
  subjectId: UserId | undefined,
  detail: EventDetail = {},
): DomainEvent {
  return {
    type,
    at,
    actorId: caller.user?.id,
    subjectId,
    ...originOf(caller),
    detail: caller.isSystem ? { ...detail, by: 'system' } : detail,
  };
}
