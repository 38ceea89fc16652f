import { type Finding, findingsOf, orFine } from './finding.ts';

const admins = findingsOf('admins');
const outbox = findingsOf('outbox');

/** Minutes after which a waiting mail is a symptom. */
const patience = 5;

/** Whether there is an admin. */
export function checkAdmins(hasAdmin: boolean): readonly Finding[] {
  if (hasAdmin) return [admins.ok('there is at least one who is active')];
  return [admins.warning('There is no active admin', 'run sallyport users create EMAIL --name NAME --role admin')];
}

/** What the background work of a server should have done. */
export function checkWork({
  waiting,
  oldestQueuedAt,
  hasExpiredAudit,
  now,
}: {
  readonly waiting: number;
  readonly oldestQueuedAt: Date | undefined;
  readonly hasExpiredAudit: boolean;
  readonly now: Date;
}): readonly Finding[] {
  const minutes = Math.floor((now.getTime() - (oldestQueuedAt ?? now).getTime()) / 60_000);
  return orFine(
    [
      minutes >= patience &&
        outbox.warning(
          `${waiting} mails wait, the oldest for ${minutes} minutes`,
          'check that a server runs, and its log for "A mail could not be sent"',
        ),
      hasExpiredAudit &&
        outbox.warning(
          'Audit entries are older than AUDIT_RETENTION_DAYS',
          'check that a server runs: it deletes them',
        ),
    ],
    outbox.ok(waiting === 0 ? 'no mail waits' : `${waiting} mails wait, none of them for long`),
  );
}
