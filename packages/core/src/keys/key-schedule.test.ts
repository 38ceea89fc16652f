import { describe, expect, it } from 'vitest';
import { secondsAfter } from '../model/policy.ts';
import { activeKey, firstTurn, isSuccessorDue, lead, stateOf, turnAfter } from './key-schedule.ts';

const start = new Date('2026-01-01T00:00:00.500Z');
const at = (seconds: number) => secondsAfter(start, seconds);
const keyAt = (seconds: number) => ({ activeFrom: at(seconds) });
const overlap = 1800;

/** The states of keys that sign from these times on, at a time in seconds. */
const statesAt = (seconds: number, activeFrom: readonly number[]) => {
  const keys = activeFrom.map(keyAt);
  return keys.map((key) => stateOf(key, keys, at(seconds), { overlap }));
};

describe('The active key', () => {
  const keys = [keyAt(0), keyAt(100), keyAt(200)];

  it.each([
    [-1, 0],
    [0, 0],
    [99.999, 0],
    [100, 1],
    [199.999, 1],
    [200, 2],
    [1e9, 2],
  ])('after %s seconds is the newest whose time has come, or the first (%s)', (seconds, index) => {
    expect(activeKey(keys, at(seconds))).toBe(keys[index]);
  });

  it('is missing where there is no key', () => {
    expect(activeKey([], start)).toBeUndefined();
  });
});

describe('The state of a key', () => {
  it.each([
    [-1, ['active', 'next']],
    [0, ['active', 'next']],
    [899.999, ['active', 'next']],
    [900, ['retiring', 'active']],
    [900 + overlap - 0.001, ['retiring', 'active']],
    [900 + overlap, ['retired', 'active']],
  ])('after %s seconds follows from the time: %s', (seconds, states) => {
    expect(statesAt(seconds, [0, 900])).toEqual(states);
  });

  it.each([
    [100 + overlap - 0.001, ['retiring', 'retiring', 'active']],
    [100 + overlap, ['retired', 'retiring', 'active']],
    [1000 + overlap, ['retired', 'retired', 'active']],
  ])('after %s seconds depends on when its own successor began to sign: %s', (seconds, states) => {
    expect(statesAt(seconds, [0, 100, 1000])).toEqual(states);
  });

  it('is next for every key whose time has yet to come', () => {
    expect(statesAt(10, [0, 100, 200])).toEqual(['active', 'next', 'next']);
  });
});

describe('A new key', () => {
  it('signs at once if it is the first', () => {
    expect(firstTurn(start)).toEqual({ predecessor: '', createdAt: start, activeFrom: start });
  });

  it('is published for 15 minutes before it signs if it follows another', () => {
    expect(lead).toBe(15 * 60);
    expect(turnAfter({ kid: 'key-1' }, start)).toEqual({
      predecessor: 'key-1',
      createdAt: start,
      activeFrom: at(lead),
    });
  });

  it.each([
    [10_000 - lead - 0.001, false],
    [10_000 - lead, true],
    [20_000, true],
  ])('after %s seconds is due, so that it signs once the rotation interval is over: %s', (seconds, isDue) => {
    expect(isSuccessorDue(keyAt(0), at(seconds), { rotationInterval: 10_000 })).toBe(isDue);
  });
});
