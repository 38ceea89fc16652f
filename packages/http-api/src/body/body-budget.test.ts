import { beforeEach, describe, expect, it } from 'vitest';
import { allowanceFor as allowanceInProcess, type BodyBudget, bodyBudget } from './body-budget.ts';

const unavailable = expect.objectContaining({ code: 'unavailable' });

describe('the budget of bodies', () => {
  let allowanceFor: BodyBudget;
  beforeEach(() => (allowanceFor = bodyBudget({ total: 1_000, perClient: 600, uncounted: 10 })));

  /** A body of so many bytes, which are counted together with those that are not. */
  function body(client: string, bytes: number) {
    const allowance = allowanceFor(client);
    allowance.take(bytes);
    return allowance;
  }

  it('is used up by the bodies of all clients together', () => {
    body('a', 510);
    const large = body('b', 510);
    expect(() => body('c', 11)).toThrow(unavailable);
    large.release();
    body('c', 510);
  });

  it('leaves others their share, however much one client sends', () => {
    body('a', 610);
    expect(() => body('a', 11)).toThrow(unavailable);
    body('b', 410);
  });

  it('accepts small bodies while it is used up, also piece by piece', () => {
    body('a', 610);
    body('b', 410);
    const small = allowanceFor('a');
    for (let n = 0; n < 10; n += 1) small.take(1);
    expect(() => small.take(1)).toThrow(unavailable);
  });

  it('counts a body as it arrives, and gives back what was counted, once', () => {
    const slow = allowanceFor('a');
    for (let n = 0; n < 61; n += 1) slow.take(10);
    expect(() => slow.take(1)).toThrow(unavailable);
    slow.release();
    slow.release();
    expect(() => body('a', 611)).toThrow(unavailable);
    body('a', 610);
  });
});

describe('the budget of this process', () => {
  it('counts all addresses that one client can have as one client', () => {
    const held = Array.from({ length: 8 }, (_, n) => allowanceInProcess(`2001:db8:1:2::${n}`));
    for (const allowance of held) allowance.take(1_048_576);
    expect(() => allowanceInProcess('2001:db8:1:2:a:b:c:d').take(1_048_576)).toThrow(unavailable);
    const other = allowanceInProcess('2001:db8:1:3::1');
    other.take(1_048_576);
    for (const allowance of [...held, other]) allowance.release();
  });
});
