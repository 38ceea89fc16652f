import { isSallyportError, type SallyportErrorCode } from '../model/errors.ts';

/** @throws Error `promise`, unless `holds` */
export function expectThat(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new Error(promise);
}

/** @throws Error unless both say the same, field by field; a field that is `undefined` is as good as absent */
export function expectSame(actual: unknown, expected: unknown, promise: string): void {
  const [got, wanted] = [canonical(actual), canonical(expected)];
  if (got !== wanted) throw new Error(`${promise}: expected ${wanted}, got ${got}`);
}

/** @throws Error unless `attempt` is refused with this code */
export async function expectRefusal(
  attempt: Promise<unknown>,
  code: SallyportErrorCode,
  promise: string,
): Promise<void> {
  expectCode(await rejection(attempt), code, promise);
}

/** @throws Error unless `error` is a refusal with this code */
export function expectCode(error: unknown, code: SallyportErrorCode, promise: string): void {
  expectThat(isSallyportError(error) && error.code === code, `${promise}: expected ${code}, got ${String(error)}`);
}

/** What `attempt` rejects with; `undefined` when it does not. */
export async function rejection(attempt: Promise<unknown>): Promise<unknown> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    return error ?? new Error('rejected with nothing');
  }
}

/** JSON with sorted keys, in which a date is not its text. */
function canonical(value: unknown): string {
  if (value instanceof Date) return `Date(${value.toISOString()})`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return value === undefined ? 'undefined' : JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${name}: ${canonical(field)}`)
    .join(', ')}}`;
}
