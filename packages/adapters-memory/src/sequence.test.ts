import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sequence } from './table.ts';

describe('A sequence', () => {
  it('continues behind the greatest number that was taken, and lists every number in both directions', () => {
    const number = fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(number, { maxLength: 60 }), fc.option(fc.integer({ min: 0, max: 45 })), (steps, behind) => {
        const sequence = new Sequence();
        const taken = new Set<number>();
        const given: number[] = [];
        for (const step of steps) {
          const greatest = Math.max(0, ...taken);
          const number = step ?? sequence.next();
          if (step === undefined) given.push(number - greatest);
          else sequence.take(number);
          taken.add(number);
        }
        expect(given).toEqual(given.map(() => 1));
        const after = behind ?? undefined;
        const sorted = [...taken].toSorted((a, b) => a - b);
        expect([...sequence.from(after, 'up')]).toEqual(sorted.filter((number) => number > (after ?? 0)));
        const down = sorted.toReversed().filter((number) => number < (after ?? Infinity));
        expect([...sequence.from(after, 'down')]).toEqual(down);
      }),
    );
  });

  it('lists few numbers that are far apart at once', () => {
    const sequence = new Sequence();
    for (const number of [999_999_999_999_990, 3]) sequence.take(number);
    expect([...sequence.from(undefined, 'up')]).toEqual([3, 999_999_999_999_990]);
    expect(sequence.next()).toBe(999_999_999_999_991);
  });

  it('ends with the greatest id that the core accepts', () => {
    const sequence = new Sequence();
    sequence.take(999_999_999_999_998);
    expect(sequence.next()).toBe(999_999_999_999_999);
    expect(() => sequence.next()).toThrow(RangeError);
  });
});
