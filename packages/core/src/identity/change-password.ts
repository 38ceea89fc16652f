import * as v from 'valibot';
import { authorize } from '../authorize.ts';
import { admit, type Limiting } from '../limits/admit.ts';
import { forgetLinks } from '../links/forget-links.ts';
import { eventOf } from '../model/domain-event.ts';
import { NewPassword, Password } from '../model/password.ts';
import type { Ports } from '../ports/ports.ts';
import { grant, GrantView } from '../sign-in/grant.ts';
import { newSession, type NewSessionNeeds } from '../sign-in/new-session.ts';
import { reauthenticate, refuseReplaced } from '../sign-in/reauthenticate.ts';
import { useCase } from '../use-case.ts';
import { refuseGuessable } from './password-policy.ts';

type Needs = Limiting &
  NewSessionNeeds &
  Pick<Ports, 'users' | 'unitOfWork' | 'hasher' | 'commonPasswords' | 'refreshTokens'>;

/**
 * Replaces a member's password and ends every session of the account, including the one that the call came in: a
 * thief may hold a copy of it. Mailed links become invalid. The output is a grant for a new session.
 */
export const changePassword = useCase({
  caller: 'member',
  input: v.object({ currentPassword: Password, newPassword: NewPassword }),
  output: GrantView,
  errors: ['current_password_incorrect', 'rate_limited'],
  async run(needs: Needs, caller, { currentPassword, newPassword }) {
    const { unitOfWork, hasher, commonPasswords, clock } = needs;
    const { id } = caller.user;
    await refuseGuessable(newPassword, caller.user, commonPasswords, 'newPassword');
    await admit(needs, 'changePassword', caller, id);

    const proven = await reauthenticate(needs, caller, currentPassword);
    const passwordHash = await hasher.hash(newPassword);
    const { session, access } = await newSession(needs, caller, id);

    const user = await unitOfWork.run(async (transaction) => {
      const { actor } = await authorize(transaction);
      refuseReplaced(actor, proven);
      const { users, sessions, audit } = transaction;
      const now = clock.now();
      await users.setPasswordHash(id, passwordHash);
      await forgetLinks(transaction, id);
      const sessionsEnded = await sessions.endAllOf(id, now);
      await sessions.append(session);
      await audit.append(eventOf('user.password_changed', caller, now, id, { sessionsEnded }));
      return actor.user;
    });
    return grant(needs, access, { user, session });
  },
});
