import { Profile } from '@sallyport/core';
import type { Config } from '../config.ts';
import { secondsPerDay } from '../environment.ts';
import { type Finding, findingsOf, orFine } from './finding.ts';

const { ok, warning, error } = findingsOf('settings');

/** Settings that are weak in production. */
export function checkPolicy({ policy, bootstrapAdmin }: Config, hasAdmin: boolean | undefined): readonly Finding[] {
  const { registration, emailVerification, userDirectory, limits, auditRetention = Infinity } = policy;
  const profile = policy.profile instanceof Profile ? policy.profile : new Profile(policy.profile);
  const shown = Object.entries(profile.fields).flatMap(([name, { read = [] }]) =>
    read.includes('members') ? [name] : [],
  );
  return orFine(
    [
      limits === 'off' && error('RATE_LIMITS is off: passwords can be guessed without limit', 'remove it'),
      userDirectory === 'members' &&
        warning(
          `Any member may list all members, with ${['name', 'email', ...shown].join(', ')}`,
          'if members are strangers to each other, set USER_DIRECTORY=admins',
        ),
      registration === 'open' &&
        emailVerification === 'optional' &&
        warning(
          'Anyone may register with an address of someone else: REGISTRATION is open and EMAIL_VERIFICATION is optional',
          'set EMAIL_VERIFICATION=required',
        ),
      auditRetention < 30 * secondsPerDay &&
        warning(
          'AUDIT_RETENTION_DAYS is less than a month',
          'keep entries for as long as an attack may stay unnoticed',
        ),
      bootstrapAdmin !== undefined &&
        hasAdmin === true &&
        warning('BOOTSTRAP_ADMIN_PASSWORD is still set, though there is an admin', 'remove both variables'),
    ],
    ok('none is weak'),
  );
}
