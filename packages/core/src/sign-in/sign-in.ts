import type { Anyone } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import type { Policy } from '../model/policy.ts';
import type { Proof } from '../model/proof.ts';
import type { User } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import type { Transaction } from '../ports/unit-of-work.ts';
import { grant, type GrantNeeds, type GrantView } from './grant.ts';
import { type NewSessionNeeds, openSession, prepareSession } from './open-session.ts';

/** What is needed to sign a user in. */
export type SignInNeeds = NewSessionNeeds &
  GrantNeeds &
  Pick<Ports, 'unitOfWork'> & { readonly policy: Pick<Policy, 'emailVerification'> };

/**
 * Signs in the owner of a proof, whatever the first factor was: opens a session, records the login, and returns the
 * grant. Returns `undefined` if the account was deactivated or its credentials changed since the proof.
 *
 * @param user the account of the proof
 * @param also what else happens in the transaction that opens the session
 * @throws SallyportError `email_not_verified` if the policy requires a verified address
 */
export async function signIn(
  needs: SignInNeeds,
  caller: Anyone,
  user: User,
  proof: Proof,
  also: (transaction: Transaction) => Promise<unknown> = async () => {},
): Promise<GrantView | undefined> {
  const { unitOfWork, policy } = needs;
  const prepared = await prepareSession(needs, caller, user, proof.methods);
  const { session, access } = prepared;
  const current = await unitOfWork.run(async (transaction) => {
    const opened = await openSession(transaction, policy, caller, proof, prepared);
    if (!opened) return undefined;
    const { user: owner, newDevice } = opened;
    await also(transaction);
    const event = eventOf('user.logged_in', { ...caller, user: owner }, session.createdAt, owner.id, { newDevice });
    await transaction.audit.append(event);
    return owner;
  });
  return current && grant(needs, access, { user: current, session });
}
