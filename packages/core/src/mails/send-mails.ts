import * as v from 'valibot';
import type { Limiting } from '../limits/admit.ts';
import type { Anyone } from '../model/caller.ts';
import { eventOf } from '../model/domain-event.ts';
import { NoInput } from '../model/input.ts';
import { isSecurityNotice, type MailKind } from '../model/mail.ts';
import type { User } from '../model/user.ts';
import { storable } from '../model/origin.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import { isRecipientRefused, type Mail } from '../ports/mailer.ts';
import { type TokenPurpose, tokenPurposes } from '../ports/one-time-tokens.ts';
import type { ClaimedMail } from '../ports/outbox.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';
import { mayBeSent } from './mail-limit.ts';
import { localeFor, nameFor } from './recipient.ts';

/** Seconds in which a node must send a mail that it claimed. */
const lease = 60;

/**
 * Seconds that a mailer may take for one mail (see `Mailer.send`). With less time left in its lease, a mail is not
 * sent.
 */
const sendingTime = 30;

/** Mails that one node sends at a time. */
const batch = 5;

/**
 * Seconds before the second attempt. The pause doubles each time, up to an hour. After `maxAttempts`, the mail is given
 * up.
 */
const firstPause = 2;
const longestPause = 3_600;
const maxAttempts = 20;

const maxReason = 200;

/**
 * Mails per purpose whose links are valid, because earlier mails may arrive late, and valid links of each: a failed
 * attempt may have delivered its mail.
 */
const maxLinks = 3;

/** A kind whose link carries a token has the same name as the purpose of the token. */
const purposeOf = (kind: MailKind) => tokenPurposes.find((purpose) => purpose === kind);

type Lifetime = 'passwordResetLifetime' | 'emailVerificationLifetime' | 'invitationLifetime';

type Needs = Limiting &
  Pick<Ports, 'users' | 'knownNetworks' | 'unitOfWork' | 'mailer'> & {
    readonly policy: Pick<Policy, Lifetime | 'mails' | 'profile'>;
  };

/** How long a link of each purpose is valid. */
const lifetimes: Readonly<Record<TokenPurpose, Lifetime>> = {
  'verify-email': 'emailVerificationLifetime',
  'change-email': 'emailVerificationLifetime',
  'reset-password': 'passwordResetLifetime',
  invitation: 'invitationLifetime',
};

/**
 * Sends the mails that are due, and returns how many it claimed. A mail that could not be sent is tried again later.
 * A host calls this about once a second, from one node or from several.
 */
export const sendMails = useCase({
  caller: 'system',
  input: NoInput,
  output: v.number(),
  errors: [],
  async run(needs: Needs, caller) {
    const { unitOfWork, clock } = needs;
    const at = clock.now();
    const claimed = await unitOfWork.run(({ outbox }) =>
      outbox.claim({ at, until: secondsAfter(at, lease), limit: batch }),
    );
    const sendBefore = secondsAfter(at, lease - sendingTime);
    const outcomes = await Promise.allSettled(claimed.map((mail) => send(needs, caller, mail, sendBefore)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    return claimed.length;
  },
});

async function send(needs: Needs, caller: Anyone, queued: ClaimedMail, sendBefore: Date): Promise<void> {
  const { unitOfWork, mailer, clock } = needs;
  let wanted: Addressee | undefined;
  let mail: Mail | undefined;
  try {
    wanted = await addresseeOf(needs, queued);
    mail = wanted && (await mayLeave(needs, caller, queued, wanted)) ? await write(needs, queued, wanted) : undefined;
    // A node that was paused must not send a mail that another node may have claimed since.
    if (mail && clock.now() > sendBefore) throw new Error('Too little time was left to send it');
    if (mail) await mailer.send(mail);
  } catch (error) {
    const attempts = isRecipientRefused(error) ? 1 : maxAttempts;
    const userId = wanted?.user?.id ?? queued.userId;
    return postpone(needs, caller, { ...queued, userId }, reasonOf(error, mail), attempts);
  }
  await unitOfWork.run(({ outbox }) => outbox.delete(queued));
}

/** Who a mail goes to. A security notice goes to its address, whatever became of the account. */
interface Addressee {
  readonly user?: User | undefined;
}

/** The account that a mail is for; `undefined` if the mail is no longer wanted. */
async function addresseeOf({ users }: Needs, { kind, email, userId }: ClaimedMail): Promise<Addressee | undefined> {
  if (isSecurityNotice(kind)) return {};
  const owner = await users.findCredentials(userId === undefined ? { email } : { id: userId });
  const user = owner?.user;
  if (!user?.isActive) return undefined;
  if (kind === 'change-email') return (await users.findCredentials({ email })) ? undefined : { user };
  // After the account changed its address, a link would prove nothing, and the address may be another person's.
  if (user.email !== email) return undefined;
  if (kind === 'invitation' && owner?.passwordHash !== undefined) return undefined;
  if (kind === 'verify-email' && user.emailVerified) return undefined;
  return { user };
}

/** Whether the recipient may get this mail. It is counted once, before it is sent, however often it is tried. */
async function mayLeave(needs: Needs, caller: Anyone, queued: ClaimedMail, { user }: Addressee): Promise<boolean> {
  if (queued.counted) return true;
  const { unitOfWork, clock } = needs;
  const { kind, network = '' } = queued;
  const isWithin = await mayBeSent(needs, queued, user);
  const event = eventOf('mail.withheld', caller, clock.now(), user?.id, { kind, network });
  await unitOfWork.run(({ outbox, audit }) => (isWithin ? outbox.markCounted(queued) : audit.append(event)));
  return isWithin;
}

/** The mail, with a new token; `undefined` if the mail was cancelled in the meantime. */
async function write(needs: Needs, queued: ClaimedMail, { user }: Addressee): Promise<Mail | undefined> {
  const { id, kind, email: to, queuedAt, locale: requested, data } = queued;
  const { unitOfWork, secrets, clock, policy } = needs;
  const addressed = {
    id: `${queuedAt.getTime().toString(36)}-${id}`,
    kind,
    to,
    name: user && nameFor(user, to),
    locale: localeFor(policy, user, requested === undefined ? [] : [requested]) ?? policy.mails.defaultLocale,
    data,
  };
  const complete = (mail: Omit<Mail, 'words'>): Mail => ({ ...mail, words: policy.mails.wordsOf(mail) });
  const purpose = purposeOf(kind);
  if (!purpose || !user) return complete(addressed);

  const { token, digest } = secrets.oneTimeToken();
  const createdAt = clock.now();
  const expiresAt = secondsAfter(createdAt, policy[lifetimes[purpose]]);
  const isWanted = await unitOfWork.run(async ({ users, outbox, oneTimeTokens }) => {
    // A transaction that cancels mails of an account locks the account first.
    const current = await users.lockCredentials(user.id);
    if (!current?.user.isActive || !(await outbox.holds(queued))) return false;
    const link = { userId: user.id, purpose, email: to, digest, createdAt, expiresAt };
    await oneTimeTokens.append(link, { mail: addressed.id, keep: maxLinks });
    return true;
  });
  return isWanted ? complete({ ...addressed, token, expiresAt }) : undefined;
}

/** Schedules the mail again after a pause, or gives it up after so many attempts. */
async function postpone(
  needs: Needs,
  caller: Anyone,
  queued: ClaimedMail,
  reason: string,
  allowed: number,
): Promise<void> {
  const { kind, attempts, userId } = queued;
  const { unitOfWork, clock } = needs;
  const now = clock.now();
  await unitOfWork.run(async ({ outbox, audit }) => {
    if (!(await outbox.holds(queued))) return;
    if (attempts < allowed) {
      const pause = Math.min(firstPause * 2 ** (attempts - 1), longestPause);
      return outbox.postpone(queued, secondsAfter(now, pause));
    }
    await outbox.delete(queued);
    await audit.append(eventOf('mail.given_up', caller, now, userId, { kind, reason }));
  });
}

/** Why a mail could not be sent, in a form that the audit may keep: the error of a mail server may quote the mail. */
function reasonOf(error: unknown, mail: Mail | undefined): string {
  if (!(error instanceof Error)) return 'unknown';
  const said = mail?.token ? error.message.replaceAll(mail.token, '…') : error.message;
  return storable(said, maxReason);
}
