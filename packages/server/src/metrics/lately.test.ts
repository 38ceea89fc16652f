import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lately } from './lately.ts';

/** A question whose answers the test gives, and the time that it is asked by. */
function openQuestion() {
  const answers: { resolve: (answer: number) => void; reject: (error: Error) => void }[] = [];
  const clock = { now: 0 };
  const ask = lately(
    () => new Promise<number>((resolve, reject) => void answers.push({ resolve, reject })),
    () => clock.now,
  );
  return { ask, answers, clock };
}

describe('A question that metrics ask', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is asked once for all scrapes, and again after five seconds', async () => {
    const { ask, answers, clock } = openQuestion();
    const both = Promise.all([ask(), ask()]);
    answers[0]?.resolve(1);
    expect(await both).toEqual([1, 1]);
    clock.now = 4_999;
    expect(await ask()).toBe(1);
    expect(answers).toHaveLength(1);
    clock.now = 5_000;
    const again = ask();
    answers[1]?.resolve(2);
    expect(await again).toBe(2);
  });

  it('keeps a scrape waiting for two seconds at most, and is not asked again before it is answered', async () => {
    const { ask, answers, clock } = openQuestion();
    const first = ask();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await first).toBeUndefined();
    clock.now = 60_000;
    expect(await ask()).toBeUndefined();
    expect(answers).toHaveLength(1);
    answers[0]?.resolve(1);
    await vi.advanceTimersByTimeAsync(0);
    const again = ask();
    answers[1]?.resolve(2);
    expect(await again).toBe(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has no answer if it fails, for five seconds', async () => {
    const { ask, answers, clock } = openQuestion();
    const failed = ask();
    answers[0]?.reject(new Error('No database'));
    expect(await failed).toBeUndefined();
    clock.now = 4_999;
    expect(await ask()).toBeUndefined();
    expect(answers).toHaveLength(1);
    clock.now = 5_000;
    void ask();
    expect(answers).toHaveLength(2);
  });
});
