import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type * as v from 'valibot';
import { isSallyportError } from './errors.ts';
import { line, parse, prose } from './input.ts';

function wordsFor(schema: v.GenericSchema, input: unknown): readonly string[] {
  try {
    parse(schema, input);
  } catch (error) {
    if (isSallyportError(error)) return error.issues.map(({ message }) => message);
  }
  return [];
}

describe.each([
  ['A line', line],
  ['Prose', prose],
] as const)('%s', (_, schemaOf) => {
  const schema = schemaOf(2, 50_000);

  it.each([
    ['e\u0301', 'é'],
    ['\u1100\u1161\u11a8', '각'],
    ['\u212b', 'Å'],
    ['q\u0307\u0323', 'q\u0323\u0307'],
    ['ﬁ Ａ', 'ﬁ Ａ'],
  ])('is stored in the one form of %j', (written, stored) => {
    expect(parse(schema, `x${written}`)).toBe(`x${stored}`);
    expect(parse(schema, parse(schema, `x${written}`))).toBe(`x${stored}`);
  });

  it('may have as many combining marks in a row as any language needs', () => {
    const text = `a${'\u0323\u0301'.repeat(15)}`.repeat(100);
    expect(parse(schema, text)).toBe(text.normalize('NFC'));
  });

  it.each([31, 50_000, 500_000])('is refused with %d of them, before the work of normalising', (marks) => {
    const normalize = vi.spyOn(String.prototype, 'normalize');
    onTestFinished(() => normalize.mockRestore());
    const words =
      marks > 400_000 ? 'Must be at most 50000 characters' : 'Must contain at most 30 combining marks in a row';
    expect(wordsFor(schema, `a${'\u0315'.repeat(marks - 1)}\u0323`)).toEqual([words]);
    expect(normalize).not.toHaveBeenCalled();
  });

  it('is not looked at where it is far too long', () => {
    expect(wordsFor(schemaOf(2, 50), 'e\u0301'.repeat(500_000))).toEqual(['Must be at most 50 characters']);
    expect(parse(schemaOf(2, 50), `${' '.repeat(100_000)}ab`)).toBe('ab');
    expect(parse(schemaOf(2, 50), '\u1f82'.normalize('NFD').repeat(50))).toBe('\u1f82'.repeat(50));
  });
});
