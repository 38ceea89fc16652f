import {
  type Admin,
  type Anyone,
  type Bearer,
  type Caller,
  isAdmin,
  type Member,
  type System,
} from './model/caller.ts';
import { SallyportError } from './model/errors.ts';
import { claimsIdentity, type GenuineCallers, type Identity, originOnly } from './model/genuine-callers.ts';
import type { Ports } from './ports/ports.ts';
import { isLive } from './model/session.ts';

/** Members with one of these roles. */
export interface Roles {
  readonly roles: readonly [string, ...string[]];
}

/** Who may call a use case. */
export type Who = 'anyone' | 'member' | 'admin' | 'system' | Roles;

/** Allows members with one of these roles. */
export function roles(...names: readonly [string, ...string[]]): Roles {
  return { roles: names };
}

/** What a caller who is allowed to call a use case hands over. */
export type CallerFor<W extends Who> = W extends 'anyone'
  ? Anyone | Bearer | System
  : W extends 'system'
    ? System
    : W extends 'admin'
      ? Admin | Bearer
      : Member | Bearer;

/** A use case that is ready to be called. */
export interface Runnable<Callers, Input extends readonly unknown[], Output> {
  /** Runs it for this caller on this input. */
  execute(caller: Callers, ...input: Input): Promise<Output>;

  /**
   * The same for a caller and an input of unknown type, such as a parsed JSON body. A function is called for the
   * input once the caller is known.
   */
  attempt(caller: Caller, input: unknown): Promise<Output>;
}

/** What it takes to tell who calls. */
export type AdmittingPorts = Pick<Ports, 'sessions' | 'clock'>;

/**
 * The caller as they are now, if they may call. The state of a member is read at this moment, whatever the object
 * that they hold says.
 *
 * @throws SallyportError `not_authenticated` | `invalid_token` | `user_no_longer_exists` | `account_deactivated` |
 *   `admin_required` | `role_required` | `system_required` | `unavailable`
 */
export async function admitCaller(
  ports: AdmittingPorts,
  callers: GenuineCallers,
  who: Who,
  caller: unknown,
): Promise<Anyone> {
  if (typeof caller !== 'object' || caller === null) throw new SallyportError('not_authenticated');
  if (caller === callers.system) {
    if (who === 'system' || who === 'anyone') return {};
    throw new SallyportError('not_authenticated');
  }
  const identity = callers.identityOf(caller);
  if (!identity && claimsIdentity(caller)) throw new SallyportError('not_authenticated');
  if (who === 'system') throw new SallyportError('system_required');
  if (!identity) {
    if (who === 'anyone') return originOnly(caller);
    throw new SallyportError('not_authenticated');
  }
  const member = await readMember(ports, identity);
  refuseRole(who, member);
  return member;
}

/**
 * The member behind an identity, as they are now.
 *
 * A session's row outlives the tokens of the session, so one that is missing went with its user.
 *
 * @throws SallyportError `invalid_token` | `user_no_longer_exists` | `account_deactivated` | `unavailable`
 */
export async function readMember({ sessions, clock }: AdmittingPorts, identity: Identity): Promise<Member> {
  const { userId, sessionId, expiresAt, origin } = identity;
  const now = clock.now();
  if (expiresAt && now >= expiresAt) throw new SallyportError('invalid_token');
  const found = await sessions.findWithUser(sessionId);
  if (!found) throw new SallyportError('user_no_longer_exists');
  const { session, user } = found;
  if (user.id !== userId) throw new SallyportError('invalid_token');
  if (!user.isActive) throw new SallyportError('account_deactivated');
  if (!isLive(session, now)) throw new SallyportError('invalid_token');
  return { ...origin, user, sessionId };
}

/** @throws SallyportError `admin_required` | `role_required` */
function refuseRole(who: Who, member: Member): void {
  if (who === 'admin' && !isAdmin(member)) throw new SallyportError('admin_required');
  if (typeof who === 'object' && !who.roles.includes(member.user.role)) throw new SallyportError('role_required');
}
