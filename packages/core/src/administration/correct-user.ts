import * as v from 'valibot';
import { authorize } from '../authorize.ts';
import { forgetLinks } from '../links/forget-links.ts';
import { eventOf } from '../model/domain-event.ts';
import { Email } from '../model/email.ts';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import { type ProfileDocument, sentFields } from '../model/profile.ts';
import { Name, type User } from '../model/user.ts';
import { type Showing, toUserView, UserView } from '../model/user-view.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** What an admin corrects; what is left out stays. */
interface Correction {
  readonly name?: string | undefined;
  readonly email?: Email | undefined;
  readonly emailVerified?: boolean | undefined;
  readonly profile: ProfileDocument;
}

/**
 * Corrects an account. A field that is absent or `null` keeps its value. A new address counts as verified only if the
 * admin says so; otherwise the mail that confirms it is queued. An account without a password is invited there. Links
 * that were mailed before become invalid.
 */
export const correctUser = useCase({
  caller: 'admin',
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
  async run(needs: Pick<Ports, 'unitOfWork' | 'clock'> & Showing, caller, { id, ...sent }) {
    const { unitOfWork, clock } = needs;
    const user = await unitOfWork.run(async (transaction) => {
      const { subject } = await authorize(transaction, { subject: id });
      if (!subject) throw new SallyportError('user_not_found');
      const { users, outbox, audit } = transaction;
      const correction = changesOf(subject.user, sent);
      const { name, email, emailVerified, profile } = correction;
      const fields = [...Object.keys(correction).filter((field) => field !== 'profile'), ...Object.keys(profile)];
      if (fields.length === 0) return subject.user;

      const now = clock.now();
      if (email !== undefined) {
        await users.changeCredentials(id, { email, emailVerified: emailVerified ?? false });
        await forgetLinks(transaction, id);
        const mail = { email, userId: id, queuedAt: now };
        if (subject.passwordHash === undefined) await outbox.append({ ...mail, kind: 'invitation' });
        else if (emailVerified !== true) await outbox.append({ ...mail, kind: 'verify-email' });
      }
      const detail = Object.fromEntries(fields.map((field) => [field, true]));
      await audit.append(eventOf('user.corrected', caller, now, id, detail));
      return users.update(id, { name, emailVerified: email === undefined ? emailVerified : undefined, profile });
    });
    if (!user) throw new SallyportError('user_not_found');
    return toUserView(needs, user, caller);
  },
});

/** What of a correction differs from the account as it is. */
function changesOf(
  user: User,
  { name, email, emailVerified, profile }: { readonly [Field in keyof Correction]: Correction[Field] | null },
): Correction {
  const movesAddress = email != null && email !== user.email;
  return {
    ...(name != null && name !== user.name && { name }),
    ...(movesAddress && { email }),
    ...(emailVerified != null && (movesAddress || emailVerified !== user.emailVerified) && { emailVerified }),
    profile: Object.fromEntries(
      Object.entries(sentFields(profile ?? {})).filter(
        ([field, value]) => JSON.stringify(user.profile[field]) !== JSON.stringify(value),
      ),
    ),
  };
}
