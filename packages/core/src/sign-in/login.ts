import * as v from 'valibot';
import { admit, type Limiting } from '../limits/admit.ts';
import { countFailure, forgetFailures, slowGuessing } from '../limits/guessing.ts';
import type { Anyone } from '../model/caller.ts';
import { type EventType, eventOf } from '../model/domain-event.ts';
import { Email } from '../model/email.ts';
import { SallyportError } from '../model/errors.ts';
import { Password } from '../model/password.ts';
import type { Policy } from '../model/policy.ts';
import { maxSessions, type Session } from '../model/session.ts';
import type { User, UserId } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import type { Credentials } from '../ports/users.ts';
import { useCase } from '../use-case.ts';
import { grant, GrantView } from './grant.ts';
import { newSession, type NewSessionNeeds } from './new-session.ts';

type Needs = Limiting &
  NewSessionNeeds &
  Pick<Ports, 'users' | 'sessions' | 'unitOfWork' | 'hasher' | 'refreshTokens'> & {
    readonly policy: Pick<Policy, 'accessTokenLifetime' | 'refreshTokenLifetime' | 'sessionLifetime' | 'limits'>;
  };

interface Attempt {
  readonly email: Email;
  readonly password: string;
}

/**
 * Opens a session for a caller who knows an account's password.
 *
 * It costs the same for a known and an unknown address, and only a caller who knows the password learns that an
 * account is deactivated. An attempt counts before the password is looked at, and a success gives nothing back.
 */
export const login = useCase({
  caller: 'anyone',
  input: v.object({ email: Email, password: Password }),
  output: GrantView,
  errors: ['invalid_credentials', 'account_deactivated', 'rate_limited'],
  async run(needs: Needs, caller, attempt) {
    await admit(needs, 'login', caller, attempt.email);
    await slowGuessing(needs, caller, attempt.email);
    return signIn(needs, caller, attempt);
  },
});

async function signIn(needs: Needs, caller: Anyone, attempt: Attempt): Promise<GrantView> {
  const proven = await prove(needs, caller, attempt);
  const { hasher } = needs;
  const strongerHash = hasher.needsRehash(proven.passwordHash) ? await hasher.hash(attempt.password) : undefined;

  const { session, access } = await newSession(needs, caller, proven.user.id);
  const user = await store(needs, caller, proven, session, strongerHash);
  if (!user) return signIn(needs, caller, attempt);

  await forgetFailures(needs, attempt.email);
  return grant(needs, access, { user, session });
}

async function prove(needs: Needs, caller: Anyone, { email, password }: Attempt): Promise<Credentials> {
  const { users, hasher } = needs;
  const known = await users.findCredentials({ email });
  const matches = await hasher.verify(password, known?.passwordHash);
  if (!known || !matches) {
    const isSlowed = await countFailure(needs, email);
    await record(needs, caller, known?.user.id, [
      'user.login_failed',
      ...(isSlowed ? ['user.login_slowed' as const] : []),
    ]);
    throw new SallyportError('invalid_credentials');
  }
  if (!known.user.isActive) {
    await record(needs, caller, known.user.id, ['user.login_refused']);
    throw new SallyportError('account_deactivated');
  }
  return known;
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

/** Stores the session, and returns the user as they are now; `undefined` if the account changed since the check. */
function store(
  { unitOfWork }: Needs,
  caller: Anyone,
  proven: Credentials,
  session: Session,
  strongerHash: string | undefined,
): Promise<User | undefined> {
  return unitOfWork.run(async ({ users, sessions, audit }) => {
    const current = await users.lockCredentials(proven.user.id);
    if (!current?.user.isActive || current.passwordHash !== proven.passwordHash) return undefined;

    const { user } = current;
    const known = { ...caller, user };
    if (strongerHash) await users.setPasswordHash(user.id, strongerHash);
    const count = await sessions.endBeyond(user.id, maxSessions - 1, session.createdAt);
    if (count > 0) await audit.append(eventOf('session.ended', known, session.createdAt, user.id, { count }));
    const newDevice = !(await sessions.knowsDevice(user.id, session.userAgent));
    await sessions.append(session);
    await audit.append(eventOf('user.logged_in', known, session.createdAt, user.id, { newDevice }));
    return user;
  });
}
