import { fits, type Limiting } from '../limits/admit.ts';
import { knowsNetwork } from '../limits/known-network.ts';
import { isCoreMail, isSecurityNotice } from '../model/mail.ts';
import type { Ports } from '../ports/ports.ts';
import type { QueuedMail } from '../ports/outbox.ts';

const hour = 60 * 60;
const day = 24 * hour;

/** Mails that a recipient gets at most, of all kinds that other parties can cause. */
const perRecipient = {
  hour: { attempts: 5, seconds: hour },
  /** Ten a day, less the reserve. */
  day: { attempts: 7, seconds: day },
  /** Reserved for networks that the account knows, so that others cannot use it up. */
  reserve: { attempts: 3, seconds: day },
} as const;

/** How many of them one network can cause. */
const perNetwork = {
  hour: { attempts: 2, seconds: hour },
  day: { attempts: 3, seconds: day },
} as const;

/** Security notices that a recipient gets at most. */
const notices = {
  hour: { attempts: 5, seconds: hour },
  day: { attempts: 10, seconds: day },
} as const;

/**
 * Counts a mail that is about to be sent for the first time, and returns whether its recipient may get it. Mails that
 * admins cause are not limited, nor are those of modules, which limit what causes them.
 */
export async function mayBeSent(
  needs: Limiting & Pick<Ports, 'knownNetworks'>,
  { kind, email, network }: QueuedMail,
): Promise<boolean> {
  if (needs.policy.limits === 'off' || !isCoreMail(kind)) return true;
  if (isSecurityNotice(kind)) {
    return fits(needs, [
      [notices.hour, ['notice', 'hour', email]],
      [notices.day, ['notice', 'day', email]],
    ]);
  }
  if (network === undefined) return true;
  const ofNetwork = await fits(needs, [
    [perNetwork.hour, ['mail', 'network', 'hour', email, network]],
    [perNetwork.day, ['mail', 'network', 'day', email, network]],
  ]);
  if (!ofNetwork) return false;
  // Counted for the reserve too: it lets no other mails leave in the same hour.
  const isWithinHour = await fits(needs, [[perRecipient.hour, ['mail', 'hour', email]]]);
  if (await knowsNetwork(needs, email, network)) {
    if (await fits(needs, [[perRecipient.reserve, ['mail', 'reserve', email]]])) return true;
  }
  return isWithinHour && fits(needs, [[perRecipient.day, ['mail', 'day', email]]]);
}
