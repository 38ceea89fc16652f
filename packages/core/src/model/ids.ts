import * as v from 'valibot';
import { Id, wholeNumber } from './input.ts';

/**
 * The id that an imported record brings along. New records get greater ids than imported ones. They must not run out, so
 * a tenth of all ids lies beyond this bound.
 */
export const ImportedId = wholeNumber(1, 900_000_000_000_000);

/**
 * Returns the id that a store is about to give to a record.
 *
 * @throws RangeError when no route or command would accept it, because it is too great
 */
export function assignedId(id: number): number {
  if (!v.is(Id, id)) throw new RangeError('No ids are left: the next one is greater than those that are accepted');
  return id;
}
