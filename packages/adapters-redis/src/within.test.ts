import { expect, it, onTestFinished, vi } from 'vitest';
import { within } from './within.ts';

it('leaves no timer behind when the answer never comes', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const late = expect(within(400, new Promise(() => {}))).rejects.toThrow('No answer within 400 ms');
  await vi.advanceTimersByTimeAsync(400);
  await late;
  expect(vi.getTimerCount()).toBe(0);
});
