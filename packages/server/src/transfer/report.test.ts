import { expect, it, vi } from 'vitest';
import { clearLine, inWords, showProgress, summaryOf } from './report.ts';

const tally = { lines: 12, refused: 1, imported: { user: 10, post: 1 }, present: {} };

it('a summary says what became of the lines', () => {
  const counts = 'Imported: 10 users, 1 post. Already imported: none. Refused: 1 of 12 lines.';
  expect(inWords(summaryOf(tally, false, 12))).toBe(`${counts} 12 s, 60 lines a minute.`);
  expect(inWords(summaryOf(tally, false, 2))).toBe(`${counts} 2 s.`);
  expect(inWords(summaryOf(tally, true, 0))).toMatch(/^Would be imported: 10 users, 1 post\./);
});

it('the progress is shown on a terminal alone, and cleared in the end', () => {
  vi.useFakeTimers();
  try {
    const written: string[] = [];
    const write = (text: string) => void written.push(text);
    showProgress({ write }, tally)();
    vi.advanceTimersByTime(2_000);
    expect(written).toEqual([]);
    const end = showProgress({ write, isTTY: true }, tally);
    vi.advanceTimersByTime(600);
    end();
    vi.advanceTimersByTime(2_000);
    const [shown, last] = written;
    expect(shown).toMatch(/12 lines, 1 refused, \d+ a second$/);
    expect([shown?.startsWith(clearLine), last, written.length]).toEqual([true, clearLine, 2]);
  } finally {
    vi.useRealTimers();
  }
});
