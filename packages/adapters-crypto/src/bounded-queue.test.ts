import { SallyportError } from '@sallyport/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BoundedQueue } from './bounded-queue.ts';

/** Work that starts, and ends when it is told to. */
function controlledWork() {
  const started: string[] = [];
  const ends = new Map<string, { resolve: (name: string) => void; reject: (error: Error) => void }>();
  const work = (name: string) => () => {
    started.push(name);
    return new Promise<string>((resolve, reject) => ends.set(name, { resolve, reject }));
  };
  const end = (name: string) => ends.get(name)?.resolve(name);
  const fail = (name: string) => ends.get(name)?.reject(new Error(name));
  return { started, work, end, fail };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const unavailable = expect.objectContaining({ code: 'unavailable', retryAfter: 2 });

describe('BoundedQueue', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('runs so much at once and the rest in the order in which it came', async () => {
    const { started, work, end } = controlledWork();
    const queue = new BoundedQueue({ inFlight: 2, waiting: 64, patience: 2 });
    const answers = ['a', 'b', 'c', 'd'].map((name) => queue.run(work(name)));
    await settle();
    expect(started).toEqual(['a', 'b']);

    end('b');
    await settle();
    expect(started).toEqual(['a', 'b', 'c']);
    end('a');
    await settle();
    expect(started).toEqual(['a', 'b', 'c', 'd']);
    end('c');
    end('d');
    expect(await Promise.all(answers)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('knows how many jobs run and how many wait', async () => {
    const { work, end } = controlledWork();
    const queue = new BoundedQueue({ inFlight: 2, waiting: 64, patience: 2 });
    expect(queue.load).toEqual({ inFlight: 0, waiting: 0 });
    const answers = ['a', 'b', 'c'].map((name) => queue.run(work(name)));
    await settle();
    expect(queue.load).toEqual({ inFlight: 2, waiting: 1 });
    end('a');
    await settle();
    expect(queue.load).toEqual({ inFlight: 2, waiting: 0 });
    end('b');
    end('c');
    await Promise.all(answers);
    expect(queue.load).toEqual({ inFlight: 0, waiting: 0 });
  });

  it('is as free as before once all is done', async () => {
    const queue = new BoundedQueue({ inFlight: 1, waiting: 0, patience: 2 });
    for (const name of ['a', 'b', 'c']) expect(await queue.run(async () => name)).toBe(name);
    await expect(queue.run(() => Promise.reject(new Error('d')))).rejects.toThrow('d');
    expect(await queue.run(async () => 'e')).toBe('e');
  });

  it('turns away at once what finds too many waiting', async () => {
    const { started, work, end } = controlledWork();
    const queue = new BoundedQueue({ inFlight: 1, waiting: 1, patience: 2 });
    const first = queue.run(work('first'));
    const second = queue.run(work('second'));
    await expect(queue.run(work('third'))).rejects.toEqual(unavailable);
    await expect(queue.run(work('fourth'))).rejects.toBeInstanceOf(SallyportError);

    end('first');
    await first;
    await settle();
    end('second');
    await second;
    expect(started).toEqual(['first', 'second']);
  });

  it('turns away what has waited too long, and never starts it', async () => {
    const { started, work, end } = controlledWork();
    const queue = new BoundedQueue({ inFlight: 1, waiting: 1, patience: 2 });
    const slow = queue.run(work('slow'));
    const impatient = expect(queue.run(work('impatient'))).rejects.toEqual(unavailable);
    await vi.advanceTimersByTimeAsync(1999);
    await expect(queue.run(work('no room yet'))).rejects.toEqual(unavailable);
    await vi.advanceTimersByTimeAsync(1);
    await impatient;

    const successor = queue.run(work('successor'));
    end('slow');
    await slow;
    await settle();
    expect(started).toEqual(['slow', 'successor']);
    end('successor');
    expect(await successor).toBe('successor');
  });

  it('does not hurry work that has started', async () => {
    const { work, end } = controlledWork();
    const queue = new BoundedQueue({ inFlight: 1, waiting: 1, patience: 2 });
    const first = queue.run(work('first'));
    const second = queue.run(work('second'));
    await settle();
    end('first');
    await settle();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    end('second');
    expect(await Promise.all([first, second])).toEqual(['first', 'second']);
  });

  it('gives the place of failed work to the next one', async () => {
    const { work, end, fail } = controlledWork();
    const queue = new BoundedQueue({ inFlight: 1, waiting: 1, patience: 2 });
    const failed = expect(queue.run(work('failed'))).rejects.toThrow('failed');
    const next = queue.run(work('next'));
    await settle();
    fail('failed');
    await failed;
    await settle();
    end('next');
    expect(await next).toBe('next');
  });
});
