import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';
import { planted } from './fuzz/planted.ts';
import { inWords } from './fuzz/report.ts';

describe('the fuzzer', () => {
  it('finds nothing wrong', async () => {
    const report = await fuzz({ store: 'memory', requests: 400, seed: 1 });
    expect(report.failures, inWords(report)).toEqual([]);
    expect(report.requests).toBeGreaterThan(300);
  });

  it('sends the same for the same seed', async () => {
    const digestOf = async (seed: number) => (await fuzz({ store: 'memory', requests: 40, seed })).digest;
    const [one, again, other] = [await digestOf(1), await digestOf(1), await digestOf(2)];
    expect([again === one, other === one]).toEqual([true, false]);
  });

  it('finds a use case that throws an unexpected error', async () => {
    const broken = planted('listPosts', () => async () => {
      throw new Error('planted');
    });
    const report = await fuzz({ store: 'memory', requests: 400, seed: 1, enough: 1, shrinkFor: 0, plant: broken });
    expect(inWords(report)).toMatch('answers 500');
  });
});
