import * as v from 'valibot';
import { authorizeOperator } from '../authorize.ts';
import { forgetLinks } from '../links/forget-links.ts';
import { type Mailing, notify, type Notifying, queueMail } from '../mails/queue-mail.ts';
import { eventOf } from '../model/domain-event.ts';
import { Email } from '../model/email.ts';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import type { MailKind } from '../model/mail.ts';
import { changedFields } from '../model/profile.ts';
import { Name, type User } from '../model/user.ts';
import { type Showing, toUserView, UserView } from '../model/user-view.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/**
 * Corrects an account. A field that is absent or `null` keeps its value. A new address counts as verified only if the
 * admin says so; otherwise the mail that confirms it is queued. An account without a password gets an invitation to the
 * new address instead. Links that were mailed before become invalid.
 */
export const correctUser = useCase({
  caller: 'operator',
  joinable: true,
  input: ({ profile }) =>
    v.object({
      id: Id,
      name: v.nullish(Name),
      email: v.nullish(Email),
      emailVerified: v.nullish(v.boolean()),
      profile: profile.changesBy('admins'),
    }),
  output: UserView,
  errors: ['user_not_found', 'email_taken'],
  async run(needs: Pick<Ports, 'unitOfWork' | 'clock'> & Mailing & Notifying & Showing, caller, { id, ...sent }) {
    const { unitOfWork, clock } = needs;
    const user = await unitOfWork.run(async (transaction) => {
      const { subject } = await authorizeOperator(transaction, { subject: id });
      if (!subject) throw new SallyportError('user_not_found');
      const correction = correctionOf(subject.user, sent);
      const { email, emailVerified, profile, ...rest } = correction;
      const fields = Object.keys({ ...correction, ...profile }).filter((field) => field !== 'profile');
      if (fields.length === 0) return subject.user;

      const { users, audit } = transaction;
      const now = clock.now();
      const corrected = Object.fromEntries(fields.map((field) => [field, true]));
      await audit.append(eventOf('user.corrected', caller, now, id, corrected));
      if (email === undefined) return users.update(id, { ...rest, emailVerified, profile });
      await users.changeCredentials(id, { email, emailVerified: emailVerified === true });
      await forgetLinks(transaction, id);
      const queue = (kind: MailKind) =>
        queueMail(needs, transaction, caller, { kind, email, userId: id, queuedAt: now });
      // An address that was never verified may be a stranger's.
      if (subject.user.emailVerified) {
        await notify(needs, transaction, caller, subject.user, { kind: 'email-changed', at: now });
      }
      if (subject.passwordHash === undefined) await queue('invitation');
      else if (emailVerified !== true) await queue('verify-email');
      return users.update(id, { ...rest, profile });
    });
    if (!user) throw new SallyportError('user_not_found');
    return toUserView(needs, user, caller);
  },
});

type Sent = { readonly [Field in 'name' | 'email' | 'emailVerified' | 'profile']?: User[Field] | null | undefined };

/**
 * The fields that an admin sent and that differ from the account. With a new address, `emailVerified` always counts as
 * a difference.
 */
function correctionOf(
  user: User,
  { name, email, emailVerified, profile }: Sent,
): Partial<User> & Pick<User, 'profile'> {
  const isMoved = isChange(email, user.email);
  return {
    ...(isChange(name, user.name) && { name }),
    ...(isMoved && { email }),
    ...(isChange(emailVerified, isMoved ? undefined : user.emailVerified) && { emailVerified }),
    profile: changedFields(user.profile, profile ?? {}),
  };
}

function isChange<Value>(sent: Value | null | undefined, current: Value | undefined): sent is Value {
  return sent !== null && sent !== undefined && sent !== current;
}
