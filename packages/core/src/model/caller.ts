import { SallyportError } from './errors.ts';
import type { User, UserId } from './user.ts';
import type { Origin } from './origin.ts';
import type { SessionId } from './session.ts';

/** The caller, if known, and where the call came from. */
export interface Anyone extends Origin {
  readonly requestId?: string | undefined;
  readonly user?: User;
  readonly sessionId?: SessionId;
  /** Set if the system calls. */
  readonly isSystem?: true;
}

/** A caller who proved who they are: what `authenticate` returns. Only the object itself is accepted, never a copy. */
export interface Member extends Anyone {
  readonly user: User;
  readonly sessionId: SessionId;
}

/** A member with the role of an admin. */
export interface Admin extends Member {
  readonly user: User & { readonly role: 'admin' };
}

/**
 * A caller whose access token has a valid signature: what `verifyAccessToken` returns. Session and user are read
 * when the caller acts. Only the object itself is accepted, never a copy.
 */
export interface Bearer extends Origin {
  readonly requestId?: string | undefined;
  readonly userId: UserId;
  readonly sessionId: SessionId;
  /** When the token expires. */
  readonly expiresAt: Date;
}

/** Trusted code of the host: workers and the command line. `createApplication` returns it. */
export interface System {
  readonly isSystem: true;
}

/** Every kind of caller. Each use case checks, when it is called, whether it accepts the caller. */
export type Caller = Anyone | Member | Bearer | System;

/** Members with one of these roles. */
export interface Roles {
  readonly roles: readonly [string, ...string[]];
}

/** Allows members with one of these roles, and no others. */
export function roles(...names: readonly [string, ...string[]]): Roles {
  return Object.freeze({ roles: Object.freeze(names) });
}

/** Who may call a use case. An operator is an admin, or the system on behalf of the command line. */
export type Who = 'anyone' | 'member' | 'admin' | 'operator' | 'system' | Roles;

/** A caller without a known identity or address. */
export const anyone: Anyone = Object.freeze({});

/** Whether this caller has the shape of a member. A use case checks whether it is genuine when it is called. */
export function isMember(caller: Anyone): caller is Member {
  return caller.user !== undefined && caller.sessionId !== undefined;
}

/** Whether this caller has the shape of an admin. A use case checks whether it is genuine when it is called. */
export function isAdmin(caller: Anyone): caller is Admin {
  return isMember(caller) && caller.user.role === 'admin';
}

/** Whether this caller has the rights of an admin: an admin, or the system. */
export function isOperator(caller: Anyone): boolean {
  return caller.isSystem === true || isAdmin(caller);
}

/**
 * The same caller as a member, for the compiler (see `isMember`).
 *
 * @throws SallyportError `not_authenticated`
 */
export function requireMember(caller: Anyone): Member {
  if (!isMember(caller)) throw new SallyportError('not_authenticated');
  return caller;
}

/**
 * The same caller as an admin, for the compiler (see `isAdmin`).
 *
 * @throws SallyportError `not_authenticated` | `admin_required`
 */
export function requireAdmin(caller: Anyone): Admin {
  const member = requireMember(caller);
  if (!isAdmin(member)) throw new SallyportError('admin_required');
  return member;
}
