import { describe, expect, it } from 'vitest';
import { inSlices } from './slices.ts';

describe('inSlices', () => {
  it('runs each round once, in order', async () => {
    const rounds: number[] = [];
    await inSlices(1000, (round) => rounds.push(round));
    expect(rounds).toEqual(Array.from({ length: 1000 }, (_, round) => round));
  });

  it('lets other work of the event loop run in between', async () => {
    let done = 0;
    let seen = 0;
    setImmediate(() => (seen = done));
    await inSlices(1000, () => (done += 1));
    expect(seen).toBeGreaterThan(0);
    expect(seen).toBeLessThan(1000);
  });
});
