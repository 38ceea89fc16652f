import { describe, expect, it, vi } from 'vitest';
import { Table } from './table.ts';

interface Row {
  readonly id: number;
  readonly value: unknown;
}

/** A value that `structuredClone` refuses. */
const uncopyable = { run: () => {} };

/** A table whose rows are found by their value, unless it is `unfindable`. */
function tableOfValues() {
  const table = new Table<number, Row>(({ value }) => {
    if (value === 'unfindable') throw new Error('No key');
    return [value];
  });
  table.put({ id: 1, value: 'kept' });
  return table;
}

describe('A table', () => {
  it.each([
    ['cannot be copied', uncopyable, 'could not be cloned'],
    ['has no keys', 'unfindable', 'No key'],
  ])('keeps a row whose new value %s', (_, value, reason) => {
    const table = tableOfValues();
    expect(() => table.put({ id: 1, value })).toThrow(reason);
    expect([table.get(1), table.withKey('kept')]).toEqual([{ id: 1, value: 'kept' }, [{ id: 1, value: 'kept' }]]);
  });

  it.each([
    ['cannot be copied', uncopyable, 'could not be cloned'],
    ['has no keys', 'unfindable', 'No key'],
  ])(
    'refuses a value that %s when a transaction writes it, not when the transaction is committed',
    (_, value, reason) => {
      const table = tableOfValues();
      const draft = table.draft();
      draft.put({ id: 2, value: 'new' });
      expect(() => draft.put({ id: 1, value })).toThrow(reason);
      draft.commit();
      expect([...table.all()].map((row) => row.value)).toEqual(['kept', 'new']);
    },
  );

  it('is changed by a commit that has nothing left to copy', () => {
    const table = tableOfValues();
    const draft = table.draft();
    draft.put({ id: 1, value: { nested: 'new' } });
    const clone = vi.spyOn(globalThis, 'structuredClone').mockImplementation(() => {
      throw new RangeError('Maximum call stack size exceeded');
    });
    draft.commit();
    clone.mockRestore();
    expect([table.get(1), table.idsWithKey('kept')]).toEqual([{ id: 1, value: { nested: 'new' } }, []]);
  });
});
