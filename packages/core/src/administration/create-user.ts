import * as v from 'valibot';
import { authorizeOperator } from '../authorize.ts';
import { refuseAccount } from '../identity/refuse-account.ts';
import { refuseGuessable } from '../identity/password-policy.ts';
import { type Mailing, queueMail } from '../mails/queue-mail.ts';
import { eventOf } from '../model/domain-event.ts';
import { Email } from '../model/email.ts';
import { SallyportError } from '../model/errors.ts';
import type { MailKind } from '../model/mail.ts';
import { NewPassword } from '../model/password.ts';
import type { Policy } from '../model/policy.ts';
import { sentFields } from '../model/profile.ts';
import { ExternalId, Name } from '../model/user.ts';
import { type Showing, toUserView, UserView } from '../model/user-view.ts';
import { roleIn } from '../model/roles.ts';
import type { Ports } from '../ports/ports.ts';
import { type Surroundings, useCase } from '../use-case.ts';

type Needs = Mailing &
  Showing &
  Pick<Ports, 'unitOfWork' | 'hasher' | 'commonPasswords' | 'clock'> &
  Pick<Surroundings, 'hooks'> & {
    readonly policy: Pick<Policy, 'registration'>;
  };

/**
 * Creates an account. Without a password, an invitation is mailed, whose link sets one. With a password and an
 * unverified address, the mail that confirms the address is queued.
 */
export const createUser = useCase({
  caller: 'operator',
  joinable: true,
  input: ({ profile, roles }) =>
    v.object({
      name: Name,
      email: Email,
      role: v.optional(roleIn(roles), 'user'),
      password: v.optional(NewPassword),
      emailVerified: v.optional(v.boolean(), false),
      externalId: v.optional(ExternalId),
      profile: profile.newBy('admins'),
    }),
  output: UserView,
  errors: ['email_taken', 'external_id_taken', 'account_refused', 'registration_closed'],
  async run(needs: Needs, caller, { password, ...account }) {
    const { unitOfWork, hasher, commonPasswords, clock, policy, hooks } = needs;
    if (policy.registration === 'closed') throw new SallyportError('registration_closed');
    if (password !== undefined) await refuseGuessable(password, account, commonPasswords, 'password');
    const profile = sentFields(account.profile);
    await refuseAccount(hooks, { ...account, profile }, caller);
    const passwordHash = password === undefined ? undefined : await hasher.hash(password);

    const user = await unitOfWork.run(async (transaction) => {
      await authorizeOperator(transaction);
      const { users, audit } = transaction;
      const createdAt = clock.now();
      const { email, role, emailVerified } = account;
      const created = await users.append({ ...account, profile, isActive: true, createdAt, passwordHash });
      const invited = passwordHash === undefined;
      const queue = (kind: MailKind) =>
        queueMail(needs, transaction, caller, { kind, email, userId: created.id, queuedAt: createdAt });
      if (invited) await queue('invitation');
      else if (!emailVerified) await queue('verify-email');
      await audit.append(eventOf('user.created', caller, createdAt, created.id, { role, invited }));
      return created;
    });
    return toUserView(needs, user, caller);
  },
});
