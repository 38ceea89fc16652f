import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf, maxLine } from './lines.ts';

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]) {
  let start = 0;
  for (const size of sizes) {
    yield bytes.subarray(start, start + size);
    start += size;
  }
  yield bytes.subarray(start);
}

async function linesIn(text: string, sizes: readonly number[] = []): Promise<(string | undefined)[]> {
  const lines: (string | undefined)[] = [];
  for await (const { number, bytes } of linesOf(chunksOf(Buffer.from(text), sizes))) {
    expect(number).toBe(lines.length + 1);
    lines.push(bytes && Buffer.from(bytes).toString());
  }
  return lines;
}

describe('The lines of a file', () => {
  it('are the same however its bytes arrive, with or without an end of the last line', async () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '🜁', '\r'), maxLength: 5 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(lines, fc.array(fc.nat(9)), async (expected, sizes) => {
        expect(await linesIn(`${expected.join('\n')}\n`, sizes)).toEqual(expected);
        const last = expected.at(-1) === '' ? expected.slice(0, -1) : expected;
        expect(await linesIn(expected.join('\n'), sizes)).toEqual(last);
      }),
    );
    expect(await linesIn('')).toEqual([]);
  });

  it('have no content if they are too long, and those behind them do', async () => {
    const longest = 'x'.repeat(maxLine);
    const text = `${longest}\n${longest}y\nshort\n${longest}yy`;
    for (const sizes of [[], [maxLine, maxLine, 3, maxLine]]) {
      expect(await linesIn(text, sizes)).toEqual([longest, undefined, 'short', undefined]);
    }
  });
});
