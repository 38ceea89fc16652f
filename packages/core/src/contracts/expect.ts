import { isSallyportError, type SallyportErrorCode } from '../model/errors.ts';

/** Characters of a value that a failure shows. */
const shownLength = 1_000;

/** The failure of an expectation. The case adds its promise. */
class Mismatch extends Error {}

/**
 * Runs the check of a promise. A failure becomes an `Error` whose message has the promise, what was checked, what was
 * expected and what was received, each on its own line. Its `cause` has the stack.
 */
export async function stateFailure(promise: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    const failure = error instanceof Mismatch ? error.message : stateMismatch('no error', show(error));
    throw new Error(`${promise}\n${failure}`, { cause: error });
  }
}

/** @throws Error unless both are the same, field by field; a field that is `undefined` counts as absent */
export function expectSame(received: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [show(received), show(expected)];
  if (got !== wanted) mismatch(what, wanted, got);
}

/** @throws Error if both are the same, field by field */
export function expectDifferent(received: unknown, other: unknown, what: string): void {
  if (show(received) === show(other)) mismatch(what, `anything but ${show(other)}`, show(received));
}

/** @throws Error unless `holds`; `expected` describes in words what `received` should be */
export function expectThat(holds: boolean, received: unknown, expected: string, what: string): asserts holds {
  if (!holds) mismatch(what, expected, show(received));
}

/** @throws Error unless `attempt` is rejected with this code */
export async function expectRefusal(attempt: Promise<unknown>, code: SallyportErrorCode, what: string): Promise<void> {
  expectCode(await rejection(attempt), code, what);
}

/** @throws Error unless `error` is a `SallyportError` with this code */
export function expectCode(error: unknown, code: SallyportErrorCode, what: string): void {
  const isExpected = isSallyportError(error) && error.code === code;
  expectThat(isExpected, error, `a SallyportError with the code ${code}`, what);
}

/** What `attempt` rejects with; `undefined` if it resolves. */
export async function rejection(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    return error ?? new Error(`Rejected with ${String(error)}`);
  }
}

function mismatch(what: string, expected: string, received: string): never {
  const [wanted, got] = shorten(expected, received);
  throw new Mismatch(`${what}\n${stateMismatch(wanted, got)}`);
}

function stateMismatch(expected: string, received: string): string {
  return `expected: ${expected}\nreceived: ${received}`;
}

/** The part of two long values around the first difference. */
function shorten(expected: string, received: string): readonly [string, string] {
  let same = 0;
  while (same < expected.length && expected[same] === received[same]) same += 1;
  const start = Math.max(0, same - shownLength / 2);
  const cut = (text: string) => {
    if (text.length <= shownLength) return text;
    const end = start + shownLength;
    return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`;
  };
  return [cut(expected), cut(received)];
}

/** JSON with sorted keys, in which a date differs from its text and `NaN` from `null`. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Date) return `Date(${Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString()})`;
  if (isSallyportError(value)) return `SallyportError with the code ${value.code}`;
  if (value instanceof Error) return String(value);
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${name}: ${show(field)}`)
    .join(', ')}}`;
}
