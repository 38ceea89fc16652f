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
import { useCase } from '../use-case.ts';
import { refuseGuessable } from './password-policy.ts';

type Needs = Limiting &
  Mailing &
  Showing &
  Pick<Ports, 'unitOfWork' | 'hasher' | 'commonPasswords'> & { readonly policy: Pick<Policy, 'registration'> };

/** Creates an account with the role of a user, and queues the mail that confirms its address. */
export const register = useCase({
  caller: 'anyone',
  input: ({ profile }) => v.object({ name: Name, email: Email, password: NewPassword, profile: profile.newBy('self') }),
  output: UserView,
  errors: ['email_taken', 'registration_closed', 'rate_limited'],
  async run(needs: Needs, caller, { name, email, password, profile }) {
    const { unitOfWork, hasher, commonPasswords, clock, policy } = needs;
    if (policy.registration !== 'open') throw new SallyportError('registration_closed');
    await admit(needs, 'register', caller);
    await refuseGuessable(password, { name, email }, commonPasswords, 'password');

    const passwordHash = await hasher.hash(password);
    const createdAt = clock.now();
    const user = await unitOfWork.run(async (transaction) => {
      const { users, audit } = transaction;
      const sent = { name, email, profile: sentFields(profile) };
      const account = { ...sent, role: 'user', isActive: true, emailVerified: false } as const;
      const registered = await users.append({ ...account, createdAt, passwordHash });
      await queueMail(needs, transaction, caller, { kind: 'verify-email', email, queuedAt: createdAt });
      await audit.append(eventOf('user.registered', caller, createdAt, registered.id));
      return registered;
    });
    return toOwnView(needs, user);
  },
});
