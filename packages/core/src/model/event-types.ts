import type { ModuleName } from './module-name.ts';

/** Every type of event of an account or a signing key that the audit keeps. Modules add their own. */
export const eventTypes = [
  'user.registered',
  'user.created',
  'user.imported',
  'user.invited',
  'user.corrected',
  'user.logged_in',
  'user.login_failed',
  'user.login_refused',
  'user.login_slowed',
  'user.unslowed',
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
  'session.shared',
  'session.stolen',
  'session.refresh_refused',
  'mail.withheld',
  'mail.given_up',
  'signing_key.created',
  'signing_key.revoked',
] as const;
/** The type of an event: one of the core's, or one of a module, named `module.event`. */
export type EventType = (typeof eventTypes)[number] | ModuleName;
