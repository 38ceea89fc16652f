import { beforeEach, describe, expect, it, vi } from 'vitest';
import { apiRequest, testApi } from '../test/api.ts';
import { onceInAWhile } from './health.ts';

describe('onceInAWhile', () => {
  let now: number;
  let answers: ((failure?: Error) => void)[];
  let ask: () => Promise<void>;
  beforeEach(() => {
    [now, answers] = [5_000, []];
    const answer = () =>
      new Promise<void>((resolve, reject) => {
        answers.push((failure) => (failure ? reject(failure) : resolve()));
      });
    ask = onceInAWhile(answer, () => now);
  });

  it('shares an answer for a second, and asks again after that', async () => {
    const asked = [ask(), ask()];
    answers[0]?.();
    await Promise.all(asked);
    now += 999;
    await ask();
    expect(answers).toHaveLength(1);
    now += 1;
    void ask();
    expect(answers).toHaveLength(2);
    answers[1]?.();
  });

  it('shares a failure, too', async () => {
    const asked = ask();
    answers[0]?.(new Error('down'));
    await expect(asked).rejects.toThrow('down');
    await expect(ask()).rejects.toThrow('down');
    now += 1_000;
    const again = ask();
    answers[1]?.();
    await expect(again).resolves.toBeUndefined();
  });

  it('does not ask again before it has an answer, within three seconds', async () => {
    const asked = ask();
    now += 2_999;
    const later = ask();
    answers[0]?.();
    await Promise.all([asked, later]);
    void ask();
    expect(answers).toHaveLength(2);
    answers[1]?.();
  });

  it('gives up an answer that takes more than three seconds, and asks again', async () => {
    vi.useFakeTimers();
    try {
      const asked = ask();
      const refused = expect(asked).rejects.toThrow('No answer within 3000 ms');
      await vi.advanceTimersByTimeAsync(3_000);
      await refused;
      now += 3_000;
      const again = ask();
      answers[1]?.();
      await expect(again).resolves.toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('reports a function that throws', async () => {
    const broken = onceInAWhile(() => {
      throw new Error('broken');
    });
    await expect(broken()).rejects.toThrow('broken');
  });
});

describe('readiness', () => {
  const statusOf = async ({ api }: ReturnType<typeof testApi>) =>
    (await api.answer(apiRequest('GET /health/ready'))).status;

  it('asks the host once for many requests', async () => {
    const ready = vi.fn<() => Promise<void>>(async () => {});
    const tested = testApi({ ready });
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(tested)));
    expect([new Set(statuses), ready.mock.calls.length]).toEqual([new Set([200]), 1]);
  });

  it('fails as soon as the host is draining, and reports no error', async () => {
    let isDraining = false;
    const tested = testApi({ isDraining: () => isDraining });
    expect(await statusOf(tested)).toBe(200);
    isDraining = true;
    expect([await statusOf(tested), tested.errors]).toEqual([503, []]);
  });
});
