import { fits, type Limiting } from '../limits/admit.ts';
import { knowsNetwork } from '../limits/known-network.ts';
import type { Email } from '../model/email.ts';
import { isCoreMail, isSecurityNotice, type SecurityNotice } from '../model/mail.ts';
import type { User } from '../model/user.ts';
import type { Ports } from '../ports/ports.ts';
import type { QueuedMail } from '../ports/outbox.ts';

const hour = 60 * 60;
const day = 24 * hour;

/** Mails that a recipient gets at most, of all kinds that other parties can cause. */
const perRecipient = {
  hour: { attempts: 5, seconds: hour },
  /** Ten a day, less the reserve. */
  day: { attempts: 7, seconds: day },
  /** Reserved for networks that a verified account knows, so that others cannot use it up. */
  reserve: { attempts: 3, seconds: day },
} as const;

/** How many of them one network can cause. */
const perNetwork = {
  hour: { attempts: 2, seconds: hour },
  day: { attempts: 3, seconds: day },
} as const;

/** Security notices of one kind that a verified address gets at most: those of one kind cannot suppress another. */
const notices = {
  hour: { attempts: 5, seconds: hour },
  day: { attempts: 10, seconds: day },
} as const;

/** Security notices of all kinds that an address gets at most which is not verified. */
const unverifiedNotices = {
  hour: { attempts: 3, seconds: hour },
  day: { attempts: 5, seconds: day },
} as const;

type Needs = Limiting & Pick<Ports, 'knownNetworks'>;

/**
 * Counts a mail that is about to be sent for the first time, and returns whether its recipient may get it. Mails that
 * admins cause are not limited, nor are those of modules, which limit what causes them. A recipient is a mailbox: a
 * subaddress counts as the address that it belongs to, and so do all spellings of an address of Gmail.
 *
 * @param user the account that the mail is for, if it is for one
 */
export async function mayBeSent(needs: Needs, mail: QueuedMail, user: User | undefined): Promise<boolean> {
  const { kind, email, network } = mail;
  if (needs.policy.limits === 'off' || !isCoreMail(kind)) return true;
  if (isSecurityNotice(kind)) return mayNotify(needs, kind, mail);
  if (network === undefined) return true;
  const mailbox = mailboxOf(email);
  const ofNetwork = await fits(needs, [
    [perNetwork.hour, ['mail', 'network', 'hour', mailbox, network]],
    [perNetwork.day, ['mail', 'network', 'day', mailbox, network]],
  ]);
  if (!ofNetwork) return false;
  // Counted for the reserve too: it lets no other mails leave in the same hour.
  const isWithinHour = await fits(needs, [[perRecipient.hour, ['mail', 'hour', mailbox]]]);
  // A stranger may have registered the address, or a subaddress of the mailbox, and signed in.
  if (user?.emailVerified && (await knowsNetwork(needs, email, network))) {
    if (await fits(needs, [[perRecipient.reserve, ['mail', 'reserve', mailbox]]])) return true;
  }
  return isWithinHour && fits(needs, [[perRecipient.day, ['mail', 'day', mailbox]]]);
}

function mayNotify(needs: Needs, kind: SecurityNotice, { email, network }: QueuedMail): Promise<boolean> {
  const isVerified = network === undefined;
  const quotas = isVerified ? notices : unverifiedNotices;
  const what = isVerified ? kind : 'any';
  return fits(needs, [
    [quotas.hour, ['notice', 'hour', what, mailboxOf(email)]],
    [quotas.day, ['notice', 'day', what, mailboxOf(email)]],
  ]);
}

/** Domains of Gmail, which ignores the dots before the @. They name the same mailboxes. */
const gmailDomains = ['gmail.com', 'googlemail.com'];

/** The mailbox of an address: many mail servers deliver `ada+shop@example.com` to `ada@example.com` (RFC 5233). */
function mailboxOf(email: Email): string {
  const [address = '', domain = ''] = email.split('@');
  const [local = ''] = address.split('+');
  return gmailDomains.includes(domain) ? `${local.replaceAll('.', '')}@gmail.com` : `${local}@${domain}`;
}
