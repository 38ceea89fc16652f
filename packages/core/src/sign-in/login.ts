import * as v from 'valibot';
import { admit, isAdmitted, type Limiting } from '../limits/admit.ts';
import { countFailure, forgetFailures, slowGuessing } from '../limits/guessing.ts';
import { type Mailing, queueMail } from '../mails/queue-mail.ts';
import type { Anyone } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import type { EventType } from '../model/event-types.ts';
import { Email } from '../model/email.ts';
import { SallyportError } from '../model/errors.ts';
import { Password } from '../model/password.ts';
import type { Policy } from '../model/policy.ts';
import type { Proof } from '../model/proof.ts';
import type { User, UserId } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import type { Credentials } from '../ports/users.ts';
import { useCase } from '../use-case.ts';
import { grant, type GrantNeeds, GrantView } from './grant.ts';
import { type NewSessionNeeds, openSession, type PreparedSession, prepareSession } from './open-session.ts';
import { provePassword } from './prove-password.ts';

type Needs = Limiting &
  Mailing &
  NewSessionNeeds &
  GrantNeeds &
  Pick<Ports, 'users' | 'sessions' | 'unitOfWork' | 'hasher'> & {
    readonly policy: Pick<Policy, 'refreshTokenLifetime' | 'limits' | 'emailVerification'>;
  };

interface Attempt {
  readonly email: Email;
  readonly password: string;
}

/**
 * Opens a session for a caller who knows an account's password.
 *
 * It costs the same for a known and an unknown address. Only a caller who knows the password learns that an account is
 * deactivated or its address unverified. An attempt counts before the password is checked, and stays counted after a
 * success.
 */
export const login = useCase({
  caller: 'anyone',
  input: v.object({ email: Email, password: Password }),
  output: GrantView,
  errors: ['invalid_credentials', 'account_deactivated', 'email_not_verified', 'rate_limited'],
  async run(needs: Needs, caller, attempt) {
    await admit(needs, 'login', caller, attempt.email);
    await slowGuessing(needs, caller, attempt.email);
    return signIn(needs, caller, attempt);
  },
});

async function signIn(needs: Needs, caller: Anyone, attempt: Attempt): Promise<GrantView> {
  const { hasher, unitOfWork } = needs;
  const { proof, credentials } = await prove(needs, caller, attempt);
  const { passwordHash } = credentials;
  const isWeak = passwordHash !== undefined && hasher.needsRehash(passwordHash);
  const strongerHash = isWeak ? await hasher.hash(attempt.password) : undefined;

  const prepared = await prepareSession(needs, caller, credentials.user, proof.methods);
  const user = await unitOfWork.run((transaction) => store(transaction, needs, caller, proof, prepared, strongerHash));
  // The account changed since the check.
  if (!user) return signIn(needs, caller, attempt);

  await forgetFailures(needs, attempt.email);
  return grant(needs, prepared.access, { user, session: prepared.session });
}

/** The proof, and the credentials that the password was checked against. */
async function prove(
  needs: Needs,
  caller: Anyone,
  { email, password }: Attempt,
): Promise<{ readonly proof: Proof; readonly credentials: Credentials }> {
  const { credentials, proof } = await provePassword(needs, { email }, password);
  if (!credentials || !proof) {
    const isSlowed = await countFailure(needs, email);
    await record(needs, caller, credentials?.user.id, [
      'user.login_failed',
      ...(isSlowed ? ['user.login_slowed' as const] : []),
    ]);
    throw new SallyportError('invalid_credentials');
  }
  await refuseUnusable(needs, caller, credentials.user);
  return { proof, credentials };
}

/**
 * Refuses an account that cannot be used. An owner with an unverified address gets the link again, within the limit.
 */
async function refuseUnusable(needs: Needs, caller: Anyone, user: User): Promise<void> {
  if (!user.isActive) {
    await record(needs, caller, user.id, ['user.login_refused']);
    throw new SallyportError('account_deactivated');
  }
  const { unitOfWork, clock, policy } = needs;
  if (user.emailVerified || policy.emailVerification === 'optional') return;
  const isWithinLimit = await isAdmitted(needs, 'resendVerification', caller, user.id);
  await unitOfWork.run(async (transaction) => {
    const now = clock.now();
    if (isWithinLimit) {
      await queueMail(needs, transaction, caller, { kind: 'verify-email', email: user.email, queuedAt: now });
    }
    await transaction.audit.append(eventOf('user.login_refused', caller, now, user.id));
  });
  throw new SallyportError('email_not_verified');
}

async function record(
  { unitOfWork, clock }: Needs,
  caller: Anyone,
  subjectId: UserId | undefined,
  types: readonly EventType[],
): Promise<void> {
  await unitOfWork.run(async ({ audit }) => {
    for (const type of types) await audit.append(eventOf(type, caller, clock.now(), subjectId));
  });
}

/**
 * Stores the session, and returns the current state of the user; `undefined` if the account changed since the check.
 */
async function store(
  transaction: Transaction,
  { policy }: Needs,
  caller: Anyone,
  proof: Proof,
  prepared: PreparedSession,
  strongerHash: string | undefined,
): Promise<User | undefined> {
  const opened = await openSession(transaction, policy, caller, proof, prepared);
  if (!opened) return undefined;
  const { user, newDevice } = opened;
  const { users, audit } = transaction;
  if (strongerHash) await users.rehashPassword(user.id, strongerHash);
  const { createdAt } = prepared.session;
  await audit.append(eventOf('user.logged_in', { ...caller, user }, createdAt, user.id, { newDevice }));
  return user;
}
