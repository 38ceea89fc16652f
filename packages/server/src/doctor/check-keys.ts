import { type KeyMaterial, type KeySchedule, stateOf, type StoredKey } from '@sallyport/core';
import { secondsPerDay } from '../environment.ts';
import { type Finding, findingsOf, orFine } from './finding.ts';
import { documentUrl } from '../document-url.ts';

const { ok, warning, error } = findingsOf('signing keys');

/** What the check of the keys looks at. */
export interface KeysToCheck {
  readonly keys: readonly StoredKey[];
  readonly now: Date;
  readonly schedule: KeySchedule;
  /** Opens keys with the configured secrets. It stores nothing. */
  readonly material: Pick<KeyMaterial<unknown>, 'reseal'>;
  readonly hasPreviousSecret: boolean;
  /** Seconds for which an unused refresh token is valid. */
  readonly refreshTokenLifetime: number;
}

/** Whether a key signs, the next one is in time, and this secret opens them. */
export async function checkKeys(checked: KeysToCheck): Promise<readonly Finding[]> {
  const { keys, now, schedule, material, hasPreviousSecret, refreshTokenLifetime } = checked;
  const inUse = keys.filter((key) => ['active', 'next'].includes(stateOf(key, keys, now, schedule)));
  const [active] = inUse;
  if (!active) return [ok('none yet: the first start creates one')];
  const seals = await Promise.all(inUse.map((key) => sealOf(key, material)));
  const age = (now.getTime() - active.activeFrom.getTime()) / 1000;
  const isOverdue = inUse.length === 1 && age > schedule.rotationInterval;
  const days = Math.round(refreshTokenLifetime / secondsPerDay);
  return orFine(
    [
      seals.includes('unreadable') &&
        error(
          'The signing keys are sealed with another secret than SECRET_KEY and SECRET_KEY_PREVIOUS',
          'restore the secret, or run sallyport keys revoke',
        ),
      seals.includes('previous') &&
        warning(
          'A signing key is still sealed with SECRET_KEY_PREVIOUS',
          'keep it until each node runs with the new SECRET_KEY; the server seals its keys again within a minute',
        ),
      hasPreviousSecret &&
        seals.every((seal) => seal === 'current') &&
        warning(
          'SECRET_KEY_PREVIOUS is set, and no signing key needs it any more',
          `remove it ${days} days after the secret was changed, when no refresh token needs it either`,
        ),
      active.activeFrom > now &&
        error(
          'The active key begins in the future: the clock was ahead when it was created',
          `see ${documentUrl('docs/operations.md#a-wrong-clock')}`,
        ),
      isOverdue &&
        warning('The active key is overdue, and has no successor', 'run the server: it rotates keys by itself'),
    ],
    ok(
      `${active.kid} signs since ${active.activeFrom.toISOString()}${inUse.length > 1 ? ', and the next one is ready' : ''}`,
    ),
  );
}

type Seal = 'current' | 'previous' | 'unreadable';

async function sealOf({ sealedPrivateKey }: StoredKey, material: KeysToCheck['material']): Promise<Seal> {
  try {
    return (await material.reseal(sealedPrivateKey)) === undefined ? 'current' : 'previous';
  } catch {
    return 'unreadable';
  }
}
