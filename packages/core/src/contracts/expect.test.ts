import { describe, expect, it } from 'vitest';
import { SallyportError } from '../index.ts';
import { casesOf } from './contract.ts';
import { expectDifferent, expectRefusal, expectSame, expectThat, stateFailure } from './expect.ts';

/** What a promise says when it fails. */
async function messageOf(check: () => void | Promise<void>): Promise<string> {
  const error: unknown = await stateFailure('a user is kept', async () => check()).then(
    () => 'nothing',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  return (error as Error).message;
}

describe('A failure of a contract', () => {
  it('states the promise, what was looked at, what was expected and what was received', async () => {
    const at = new Date('2026-01-01T12:00:00Z');
    const message = await messageOf(() => expectSame({ name: 'Bob', at }, { at, name: 'Ada' }, 'findById'));
    expect(message.split('\n')).toEqual([
      'a user is kept',
      'findById',
      'expected: {at: Date(2026-01-01T12:00:00.000Z), name: "Ada"}',
      'received: {at: Date(2026-01-01T12:00:00.000Z), name: "Bob"}',
    ]);
  });

  it('is stated by every kind of expectation', async () => {
    const refuse = Promise.reject(new SallyportError('unavailable'));
    expect(await messageOf(() => expectRefusal(refuse, 'email_taken', 'append'))).toBe(
      'a user is kept\nappend\nexpected: a SallyportError with the code email_taken\nreceived: SallyportError with the code unavailable',
    );
    expect(await messageOf(() => expectRefusal(Promise.resolve(7), 'email_taken', 'append'))).toMatch(
      /\nreceived: undefined$/,
    );
    expect(await messageOf(() => expectDifferent([1], [1], 'the ids'))).toBe(
      'a user is kept\nthe ids\nexpected: anything but [1]\nreceived: [1]',
    );
    expect(await messageOf(() => expectThat(false, -1, 'more than 0', 'closesIn'))).toBe(
      'a user is kept\nclosesIn\nexpected: more than 0\nreceived: -1',
    );
  });

  it('states an error that the adapter throws, and has it as its cause', async () => {
    const broken = new TypeError('users.list is not a function');
    const [first] = casesOf(
      () => 'a port',
      [{ part: 'faithful', name: 'a user is listed', holds: () => Promise.reject(broken) }],
    );
    const error = await first!.run().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: 'a user is listed\nexpected: no error\nreceived: TypeError: users.list is not a function',
      cause: broken,
    });
  });

  it('states that an adapter could not be opened', async () => {
    const open = () => Promise.reject(new Error('connection refused'));
    const [first] = casesOf<string>(open, [{ part: 'faithful', name: 'a user is listed', holds: async () => {} }]);
    await expect(first!.run()).rejects.toThrow(
      'a user is listed\nexpected: no error\nreceived: Error: connection refused',
    );
  });

  it('shows the part of long values in which they differ', async () => {
    const long = 'x'.repeat(100_000);
    const message = await messageOf(() => expectSame(`${long}b${long}`, `${long}a${long}`, 'content'));
    expect(message.length).toBeLessThan(3_000);
    expect(message).toMatch(/\nexpected: …x+ax+…\nreceived: …x+bx+…$/);
  });
});

describe('Two values are the same in a contract', () => {
  it.each<[unknown, unknown]>([
    [{ a: 1, b: undefined }, { a: 1 }],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [new Date(5), new Date(5)],
  ])('%o and %o', (received, expected) => {
    expect(() => expectSame(received, expected, 'both')).not.toThrow();
    expect(() => expectDifferent(received, expected, 'both')).toThrow('both');
  });

  it.each<[unknown, unknown]>([
    [{ a: null }, {}],
    [undefined, null],
    ['1', 1],
    [Number.NaN, null],
    [new Date(5), new Date(5).toISOString()],
    [new Date(Number.NaN), new Date(0)],
    [
      [1, 2],
      [2, 1],
    ],
    ['a', 'A'],
  ])('but %o and %o are not', (received, expected) => {
    expect(() => expectSame(received, expected, 'both')).toThrow('both');
    expect(() => expectDifferent(received, expected, 'both')).not.toThrow();
  });
});
