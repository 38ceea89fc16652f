import * as v from 'valibot';
import { refuseAccount } from '../identity/refuse-account.ts';
import { refuseGuessable } from '../identity/password-policy.ts';
import { eventOf } from '../model/domain-event.ts';
import { Email } from '../model/email.ts';
import { NewPassword } from '../model/password.ts';
import type { Ports } from '../ports/ports.ts';
import type { Users } from '../ports/users.ts';
import { type Surroundings, useCase } from '../use-case.ts';

/** The name of the first admin, which may stand for a role rather than a person. */
const name = 'Administrator';

type Needs = Pick<Ports, 'users' | 'unitOfWork' | 'hasher' | 'commonPasswords' | 'clock'> & Pick<Surroundings, 'hooks'>;

/**
 * Creates the first admin if there is no active one, and returns whether it did. An existing account is never
 * promoted: its address is refused with `email_taken`.
 */
export const bootstrapAdmin = useCase({
  caller: 'system',
  input: v.object({ email: Email, password: NewPassword }),
  output: v.boolean(),
  errors: ['email_taken', 'account_refused'],
  async run({ users, unitOfWork, hasher, commonPasswords, clock, hooks }: Needs, caller, { email, password }) {
    await refuseGuessable(password, { name, email }, commonPasswords, 'password');
    if (await hasAdmin(users)) return false;
    const account = { name, email, profile: {}, role: 'admin' };
    await refuseAccount(hooks, account, caller);

    const passwordHash = await hasher.hash(password);
    return unitOfWork.run(async (transaction) => {
      // If several nodes start together, one of them creates the admin, even if they were given different addresses.
      if ((await transaction.users.lockActiveAdmins()).length > 0) return false;
      const createdAt = clock.now();
      const admin = await transaction.users.append({
        ...account,
        isActive: true,
        emailVerified: true,
        createdAt,
        passwordHash,
      });
      await transaction.audit.append(eventOf('user.registered', caller, createdAt, admin.id, { role: 'admin' }));
      return true;
    });
  },
});

async function hasAdmin(users: Users): Promise<boolean> {
  const admins = await users.list({ role: 'admin', isActive: true }, { skip: 0, limit: 1 });
  return admins.length > 0;
}
