import * as v from 'valibot';
import { admit, isAdmitted, type Limiting } from '../limits/admit.ts';
import { countFailure, readFailures, slowGuessing, tryToForgetFailures } from '../limits/guessing.ts';
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
import type { Credentials } from '../ports/users.ts';
import { useCase } from '../use-case.ts';
import { GrantView } from './grant.ts';
import { provePassword } from './prove-password.ts';
import { signIn, type SignInNeeds } from './sign-in.ts';

type Needs = Limiting &
  Mailing &
  SignInNeeds &
  Pick<Ports, 'users' | 'knownNetworks' | 'hasher'> & {
    readonly policy: Pick<Policy, 'limits'>;
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
    const [failures] = await Promise.all([
      readFailures(needs, attempt.email),
      admit(needs, 'login', caller, attempt.email),
    ]);
    await slowGuessing(needs, caller, attempt.email, failures);
    const granted = await signInByPassword(needs, caller, attempt);
    if (failures > 0) await tryToForgetFailures(needs, attempt.email);
    return granted;
  },
});

async function signInByPassword(needs: Needs, caller: Anyone, attempt: Attempt): Promise<GrantView> {
  const { hasher } = needs;
  const { proof, credentials } = await prove(needs, caller, attempt);
  const { user, passwordHash } = credentials;
  const isWeak = passwordHash !== undefined && hasher.needsRehash(passwordHash);
  const strongerHash = isWeak ? await hasher.hash(attempt.password) : undefined;

  const granted = await signIn(needs, caller, user, proof, async ({ users }) => {
    if (strongerHash !== undefined) await users.rehashPassword(user.id, strongerHash);
  });
  // The account changed since the check.
  return granted ?? signInByPassword(needs, caller, attempt);
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
