import * as v from 'valibot';
import { admit, type Limiting } from '../limits/admit.ts';
import { eventOf } from '../model/domain-event.ts';
import { Email } from '../model/email.ts';
import { NewPassword } from '../model/password.ts';
import { Age, City, Name, toUserView, unknownCity, UserView } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';
import { refuseGuessable } from './password-policy.ts';

type Needs = Limiting & Pick<Ports, 'unitOfWork' | 'hasher' | 'commonPasswords'>;

/** Creates an account with the role of a user, and queues the mail that confirms its address. */
export const register = useCase({
  caller: 'anyone',
  input: v.object({ name: Name, email: Email, password: NewPassword, age: Age, city: v.nullish(City, unknownCity) }),
  output: UserView,
  errors: ['email_taken', 'rate_limited'],
  async run(needs: Needs, caller, { password, ...profile }) {
    const { unitOfWork, hasher, commonPasswords, clock } = needs;
    await admit(needs, 'register', caller);
    await refuseGuessable(password, profile, commonPasswords, 'password');

    const passwordHash = await hasher.hash(password);
    const createdAt = clock.now();
    const user = await unitOfWork.run(async ({ users, outbox, audit }) => {
      const registered = await users.append({
        ...profile,
        role: 'user',
        isActive: true,
        emailVerified: false,
        createdAt,
        passwordHash,
      });
      await outbox.append({ kind: 'verify-email', email: registered.email, queuedAt: createdAt });
      await audit.append(eventOf('user.registered', caller, createdAt, registered.id));
      return registered;
    });
    return toUserView(user);
  },
});
