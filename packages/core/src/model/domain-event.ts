import type { Anyone } from './caller.ts';
import type { UserId } from './user.ts';
import { type Origin, originOf } from './origin.ts';

/** Everything that happens to an account, or to the keys, and that somebody may have to know of later. */
export const eventTypes = [
  'user.registered',
  'user.created',
  'user.invited',
  'user.corrected',
  'user.logged_in',
  'user.login_failed',
  'user.login_refused',
  'user.login_slowed',
  'user.reauthentication_failed',
  'user.password_changed',
  'user.password_reset_requested',
  'user.password_reset',
  'user.email_verified',
  'user.email_change_requested',
  'user.email_changed',
  'user.role_changed',
  'user.activated',
  'user.deactivated',
  'user.deleted',
  'session.ended',
  'session.stolen',
  'session.refresh_refused',
  'posts.updated',
  'posts.deleted',
  'mail.given_up',
  'signing_key.created',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Facts beside the persons and the time; never a password, a token or a hash. */
export type EventDetail = Readonly<Record<string, string | number | boolean>>;

/** Something that happened, told in the transaction that made it happen. */
export interface DomainEvent extends Origin {
  readonly type: EventType;
  readonly at: Date;
  /** Who did it, if they were known. */
  readonly actorId?: UserId | undefined;
  /** To whom it was done, if that is known. */
  readonly subjectId?: UserId | undefined;
  readonly detail: EventDetail;
}

/** What the caller did to the subject. */
export function eventOf(
  type: EventType,
  caller: Anyone,
  at: Date,
  subjectId: UserId | undefined,
  detail: EventDetail = {},
): DomainEvent {
  return { type, at, actorId: caller.user?.id, subjectId, ...originOf(caller), detail };
}
