import type { Anyone } from '../model/caller.ts';
import { happened } from '../model/domain-event.ts';
import type { User } from '../model/user.ts';
import { storable } from '../model/origin.ts';
import { type Policy, secondsAfter } from '../model/policy.ts';
import type { Mail } from '../ports/mailer.ts';
import type { TokenPurpose } from '../ports/one-time-tokens.ts';
import type { ClaimedMail, MailKind } from '../ports/outbox.ts';
import type { Ports } from '../ports/ports.ts';

/** Seconds that whoever claims a mail has for sending it. */
const lease = 60;

/** Seconds that a mailer may take for one mail (see `Mailer.send`). What has less of its lease left is not sent. */
const sendingTime = 30;

/** Mails that one node sends at a time. */
const batch = 5;

/** Seconds between attempts, doubled each time, up to an hour; after so many, the mail is given up. */
const firstPause = 2;
const longestPause = 3_600;
const maxAttempts = 20;

const maxReason = 200;

const purposes: Readonly<Record<MailKind, TokenPurpose | undefined>> = {
  'verify-email': 'verify-email',
  'reset-password': 'reset-password',
  'change-email': 'change-email',
  'email-change-requested': undefined,
  'session-stolen': undefined,
};

type Needs = Pick<Ports, 'users' | 'unitOfWork' | 'mailer' | 'secrets' | 'clock'>;

/** Sends the mails that are due. Whoever embeds the core calls this every now and then; several nodes may. */
export class SendMails {
  static readonly caller = 'system';

  readonly #ports: Needs;
  readonly #policy: Policy;
  constructor(ports: Needs, policy: Policy) {
    this.#ports = ports;
    this.#policy = policy;
  }

  /**
   * Says how many mails it took on. What could not be sent is tried again later.
   *
   * @throws SallyportError `unavailable`
   */
  async execute(caller: Anyone): Promise<number> {
    const { unitOfWork, clock } = this.#ports;
    const at = clock.now();
    const claimed = await unitOfWork.run(({ outbox }) =>
      outbox.claim({ at, until: secondsAfter(at, lease), limit: batch }),
    );
    const outcomes = await Promise.allSettled(
      claimed.map((mail) => this.#send(caller, mail, secondsAfter(at, lease - sendingTime))),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    return claimed.length;
  }

  async #send(caller: Anyone, queued: ClaimedMail, sendBefore: Date): Promise<void> {
    const { unitOfWork, mailer, clock } = this.#ports;
    let mail: Mail | undefined;
    try {
      const user = await this.#addressee(queued);
      mail = user && (await this.#write(queued, user));
      // A node that was halted for a while must not send what another node has taken over.
      if (mail && clock.now() > sendBefore) throw new Error('Too little time was left to send it');
      if (mail) await mailer.send(mail);
    } catch (error) {
      return this.#tryAgain(caller, queued, reasonOf(error, mail));
    }
    await unitOfWork.run(({ outbox }) => outbox.delete(queued));
  }

  /** Whom the mail is for, if it is still for anybody. */
  async #addressee({ kind, email, userId }: ClaimedMail): Promise<User | undefined> {
    const { users } = this.#ports;
    const holder = (await users.findCredentials({ email }))?.user;
    const user = userId === undefined ? holder : await users.findById(userId);
    if (!user?.isActive) return undefined;
    if (kind === 'change-email') return holder === undefined ? user : undefined;
    if (kind === 'verify-email' && user.emailVerified) return undefined;
    return user;
  }

  /** The mail, with a token that is live from now on; nothing where the mail was cancelled meanwhile. */
  async #write(queued: ClaimedMail, user: User): Promise<Mail | undefined> {
    const { id, kind, email: to, queuedAt } = queued;
    const { unitOfWork, secrets, clock } = this.#ports;
    const mail = { id: `${queuedAt.getTime().toString(36)}-${id}`, kind, to, name: user.name };
    const purpose = purposes[kind];
    if (!purpose) return mail;

    const lifetime =
      purpose === 'reset-password' ? this.#policy.passwordResetLifetime : this.#policy.emailVerificationLifetime;
    const { token, digest } = secrets.oneTimeToken();
    const expiresAt = secondsAfter(clock.now(), lifetime);
    const isWanted = await unitOfWork.run(async ({ users, outbox, oneTimeTokens }) => {
      // Whoever cancels mails of an account has locked it first.
      const current = await users.lockCredentials(user.id);
      if (!current?.user.isActive || !(await outbox.holds(queued))) return false;
      await oneTimeTokens.replace({ userId: user.id, purpose, email: to, digest, expiresAt });
      return true;
    });
    return isWanted ? { ...mail, token, expiresAt } : undefined;
  }

  async #tryAgain(caller: Anyone, queued: ClaimedMail, reason: string): Promise<void> {
    const { kind, attempts, userId } = queued;
    const { unitOfWork, clock } = this.#ports;
    const now = clock.now();
    await unitOfWork.run(async ({ outbox, audit }) => {
      if (!(await outbox.holds(queued))) return;
      if (attempts < maxAttempts) {
        const pause = Math.min(firstPause * 2 ** (attempts - 1), longestPause);
        return outbox.postpone(queued, secondsAfter(now, pause));
      }
      await outbox.delete(queued);
      await audit.append(happened('mail.given_up', caller, now, userId, { kind, reason }));
    });
  }
}

/** Why a mail could not be sent, as the audit may keep it: a server may quote what it was sent. */
function reasonOf(error: unknown, mail: Mail | undefined): string {
  if (!(error instanceof Error)) return 'unknown';
  const said = mail?.token ? error.message.replaceAll(mail.token, '…') : error.message;
  return storable(said, maxReason);
}
