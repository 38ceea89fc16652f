import type { Anyone } from './caller.ts';
import type { UserId } from './user.ts';
import { originOf, type StoredOrigin } from './origin.ts';

/** Every type of event of an account or a signing key that the audit keeps. */
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

/** The event of this caller acting on this subject. */
export function eventOf(
  type: EventType,
  caller: Anyone,
  at: Date,
  subjectId: UserId | undefined,
  detail: EventDetail = {},
): DomainEvent {
  return { type, at, actorId: caller.user?.id, subjectId, ...originOf(caller), detail };
}
