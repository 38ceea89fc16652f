import * as v from 'valibot';
import { admit, type Limiting } from '../limits/admit.ts';
import { type Mailing, queueMail } from '../mails/queue-mail.ts';
import { eventOf } from '../model/domain-event.ts';
import { Email } from '../model/email.ts';
import { SallyportError } from '../model/errors.ts';
import { NewPassword } from '../model/password.ts';
import type { Policy } from '../model/policy.ts';
import { sentFields } from '../model/profile.ts';
import { Name } from '../model/user.ts';
import { type Showing, toOwnView, UserView } from '../model/user-view.ts';
import type { Ports } from '../ports/ports.ts';
import { type Surroundings, useCase } from '../use-case.ts';
import { refuseAccount } from './refuse-account.ts';
import { refuseGuessable } from './password-policy.ts';

type Needs = Limiting &
  Mailing &
  Showing &
  Pick<Ports, 'unitOfWork' | 'hasher' | 'commonPasswords'> &
  Pick<Surroundings, 'hooks'> & { readonly policy: Pick<Policy, 'registration'> };

/** Creates an account with the role of a user, and queues the mail that confirms its address. */
export const register = useCase({
  caller: 'anyone',
  joinable: true,
  input: ({ profile }) => v.object({ name: Name, email: Email, password: NewPassword, profile: profile.newBy('self') }),
  output: UserView,
  errors: ['email_taken', 'account_refused', 'registration_closed', 'rate_limited'],
  async run(needs: Needs, caller, { name, email, password, profile }) {
    const { unitOfWork, hasher, commonPasswords, clock, policy, hooks } = needs;
    if (policy.registration !== 'open') throw new SallyportError('registration_closed');
    await admit(needs, 'register', caller);
    await refuseGuessable(password, { name, email }, commonPasswords, 'password');
    const account = { name, email, profile: sentFields(profile), role: 'user' } as const;
    await refuseAccount(hooks, account, caller);

    const passwordHash = await hasher.hash(password);
    const createdAt = clock.now();
    const user = await unitOfWork.run(async (transaction) => {
      const { users, audit } = transaction;
      const state = { isActive: true, emailVerified: false };
      const registered = await users.append({ ...account, ...state, createdAt, passwordHash });
      await queueMail(needs, transaction, caller, { kind: 'verify-email', email, queuedAt: createdAt });
      await audit.append(eventOf('user.registered', caller, createdAt, registered.id));
      return registered;
    });
    return toOwnView(needs, user);
  },
});
