import { secondsAfter } from '../model/policy.ts';
import type { StoredKey } from '../ports/key-store.ts';
import type { KeyState } from '../ports/signing-key-ring.ts';

/** How long keys last. Both are in seconds. */
export interface KeySchedule {
  /** How long a key signs before its successor takes over. */
  readonly rotationInterval: number;
  /** How long the tokens of a key are still accepted after its successor took over: the longest lifetime of a token. */
  readonly overlap: number;
}

/** Seconds for which a new key is published before it signs. Other verifiers cache the key set for minutes. */
export const lead = 15 * 60;

/** The time at which a key starts to sign. Lists of keys are in this order, as the store returns them. */
type Timed = Pick<StoredKey, 'activeFrom'>;

/** When a new key starts to sign, and which key it follows. */
export type Turn = Pick<StoredKey, 'predecessor' | 'createdAt' | 'activeFrom'>;

/** The active key: the newest one that has started to sign. If the clock is behind every key, it is the first one. */
export function activeKey<Key extends Timed>(keys: readonly Key[], now: Date): Key | undefined {
  return keys.findLast(({ activeFrom }) => activeFrom <= now) ?? keys[0];
}

/** The state of one of these keys. It depends on the time alone, so nodes agree without communicating. */
export function stateOf<Key extends Timed>(
  key: Key,
  keys: readonly Key[],
  now: Date,
  { overlap }: Pick<KeySchedule, 'overlap'>,
): KeyState {
  const active = activeKey(keys, now);
  if (key === active) return 'active';
  if (active === undefined || key.activeFrom > active.activeFrom) return 'next';
  const successor = keys[keys.indexOf(key) + 1] ?? active;
  return now < secondsAfter(successor.activeFrom, overlap) ? 'retiring' : 'retired';
}

/** The turn of the first key, which signs immediately. */
export function firstTurn(now: Date): Turn {
  return { predecessor: '', createdAt: now, activeFrom: now };
}

/** The turn of the key after this one. It signs after verifiers have had time to fetch it. */
export function turnAfter({ kid }: Pick<StoredKey, 'kid'>, now: Date): Turn {
  return { predecessor: kid, createdAt: now, activeFrom: secondsAfter(now, lead) };
}

/** Whether this key, the newest, needs a successor now to be replaced after the rotation interval. */
export function isSuccessorDue(
  { activeFrom }: Timed,
  now: Date,
  { rotationInterval }: Pick<KeySchedule, 'rotationInterval'>,
): boolean {
  return now >= secondsAfter(activeFrom, rotationInterval - lead);
}
