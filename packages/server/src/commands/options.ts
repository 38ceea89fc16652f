import { UsageError } from './command.ts';

/**
 * The number that an operator typed.
 *
 * @throws UsageError
 */
export function wholeNumber(name: string, typed: string): number;
export function wholeNumber(name: string, typed: string | undefined): number | undefined;
export function wholeNumber(name: string, typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined;
  if (!/^\d{1,15}$/.test(typed)) throw new UsageError(`${name} must be a whole number`);
  return Number(typed);
}

/** The page that a list command asks for. */
export function pageSize(limit: string | undefined): number {
  return wholeNumber('--limit', limit) ?? 50;
}
