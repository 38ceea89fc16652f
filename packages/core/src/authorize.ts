import { memberOf, refuseOtherRoles } from './model/authorization.ts';
import { type Anyone, isMember, type Member, type Who } from './model/caller.ts';
import { SallyportError } from './model/errors.ts';
import type { Policy } from './model/policy.ts';
import type { UserId } from './model/user.ts';
import type { Ports } from './ports/ports.ts';
import type { Transaction, UnitOfWork } from './ports/unit-of-work.ts';
import type { Credentials } from './ports/users.ts';

/** A transaction of a member, or of the system on behalf of an operator. */
interface Acting {
  readonly who: Who;
  readonly roles: Policy['roles'];
  /** Absent if it is the system. */
  readonly caller: Member | undefined;
  readonly now: Date;
  readonly transaction: Transaction;
  /** Whether the transaction begins with the lock on all active admins. */
  readonly locksAdmins: boolean;
  state: 'begun' | 'authorized' | 'refused';
}

const begun = new WeakMap<object, Acting>();

/** Asks to repeat the transaction with the lock on all active admins, which must be taken before any other. */
class AdminsToLock extends Error {}

/**
 * Transactions on behalf of a member or of the system. They can be used only after `authorize` or `authorizeOperator` has
 * succeeded, so nothing is committed for a member who may no longer act.
 */
export function authorizing(
  {
    unitOfWork,
    clock,
    policy: { roles },
  }: Pick<Ports, 'unitOfWork' | 'clock'> & { readonly policy: Pick<Policy, 'roles'> },
  who: Who,
  acting: Anyone,
): UnitOfWork {
  const caller = isMember(acting) ? acting : undefined;
  const attempt = <Result>(work: (transaction: Transaction) => Promise<Result>, locksAdmins: boolean) =>
    unitOfWork.run(async (transaction) => {
      const own: Acting = { who, roles, caller, now: clock.now(), transaction, locksAdmins, state: 'begun' };
      const guarded = guard(own);
      begun.set(guarded, own);
      const result = await work(guarded);
      refuseUnauthorized(own);
      return result;
    });
  return {
    async run(work) {
      try {
        return await attempt(work, false);
      } catch (error) {
        if (!(error instanceof AdminsToLock)) throw error;
        return attempt(work, true);
      }
    },
  };
}

function guard(acting: Acting): Transaction {
  const guarded = {};
  for (const name of Object.keys(acting.transaction) as (keyof Transaction)[]) {
    Object.defineProperty(guarded, name, {
      enumerable: true,
      get() {
        refuseUnauthorized(acting);
        return acting.transaction[name];
      },
    });
  }
  return guarded as Transaction;
}

function refuseUnauthorized({ state }: Acting): void {
  if (state !== 'authorized') throw new Error('A transaction of a member must begin with authorize()');
}

/** What a transaction of a member is about to do. */
export interface Intention {
  /** The account that is written to, if it is not the caller's own. */
  readonly subject?: UserId | undefined;
  /** Whether that account, or otherwise the caller's own, may cease to be an active admin. */
  readonly removesAdmin?: boolean;
}

/** The accounts of a transaction, locked until it ends. */
export interface Authorized {
  readonly caller: Member;
  readonly actor: Credentials;
  /** Absent if there is no such account. */
  readonly subject?: Credentials | undefined;
}

/**
 * Checks in a transaction that its member may still act: the session is live, the account is active, and the use case
 * accepts the role. Locks keep this true until the transaction ends. They are taken in one order everywhere: active
 * admins, accounts by ascending id, the session, other rows (docs/architecture.md).
 *
 * @throws SallyportError `invalid_token` | `user_no_longer_exists` | `account_deactivated` | `admin_required` |
 *   `role_required`, and `last_admin` if no active admin would remain
 */
export async function authorize(
  transaction: object,
  { subject: subjectId, removesAdmin = false }: Intention = {},
): Promise<Authorized> {
  const acting = begun.get(transaction);
  if (acting?.state !== 'begun' || !acting.caller) {
    throw new Error('authorize() is called once, in a transaction of a member');
  }
  acting.state = 'refused';
  const { who, roles, caller, now } = acting;
  const { authority } = acting.transaction;
  const { id: actorId } = caller.user;
  const admins = await lockAdmins(acting);
  const { actor, session, subject } = await authority.lock({ actorId, sessionId: caller.sessionId, subjectId });
  const present = memberOf(caller, actor?.user, session, now, roles);
  refuseOtherRoles(who, present);
  if (removesAdmin) refuseLastAdmin(acting, admins, subjectId === undefined ? actor : subject);
  acting.state = 'authorized';
  return { caller: present, actor: actor as Credentials, subject };
}

/**
 * The same for a use case for operators. The system needs no session: it may act as long as the process runs. The locks
 * and the rule about the last admin are the same.
 *
 * @throws SallyportError as `authorize`
 */
export async function authorizeOperator(
  transaction: object,
  intention: Intention = {},
): Promise<Pick<Authorized, 'subject'>> {
  const acting = begun.get(transaction);
  if (acting?.state !== 'begun' || acting.caller) return authorize(transaction, intention);
  acting.state = 'refused';
  const { subject: subjectId, removesAdmin = false } = intention;
  const admins = await lockAdmins(acting);
  const subject = subjectId === undefined ? undefined : await acting.transaction.users.lockCredentials(subjectId);
  if (removesAdmin) refuseLastAdmin(acting, admins, subject);
  acting.state = 'authorized';
  return { subject };
}

const lockAdmins = async ({ locksAdmins, transaction: { users } }: Acting): Promise<readonly UserId[]> =>
  locksAdmins ? users.lockActiveAdmins() : [];

function refuseLastAdmin({ locksAdmins }: Acting, admins: readonly UserId[], leaving: Credentials | undefined): void {
  if (!leaving?.user.isActive || leaving.user.role !== 'admin') return;
  if (!locksAdmins) throw new AdminsToLock();
  if (admins.length === 1 && admins[0] === leaving.user.id) throw new SallyportError('last_admin');
}
