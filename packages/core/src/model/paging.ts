import * as v from 'valibot';
import { Id, wholeNumber } from './input.ts';

/** The fields that every list takes. */
export const pageEntries = {
  /** How many to pass over: for a few pages; `after` reaches any page at the same cost. */
  skip: v.optional(wholeNumber(0, 10_000), 0),
  limit: v.optional(wholeNumber(1, 100), 10),
  /** The id of the last one seen. */
  after: v.optional(Id),
};

/** What a store is asked for: behind this id, pass over so many, return at most so many. */
export interface StorePage {
  readonly skip: number;
  readonly limit: number;
  readonly after?: number | undefined;
}

/** One page of a list. */
export interface Page<Item> {
  readonly items: Item[];
  /** What to pass as `after` for the next page; absent on the last one. */
  readonly next?: number;
}

/** The schema of a page of such items. */
export const pageOf = <const Item extends v.GenericSchema>(item: Item) =>
  v.object({ items: v.array(item), next: v.optional(v.number()) });

/** Reads a page and learns by one row more whether another follows. */
export async function readPage<Row extends { readonly id: number }, Item>(
  { skip, limit, after }: StorePage,
  read: (page: StorePage) => Promise<readonly Row[]>,
  toItem: (row: Row) => Item,
): Promise<Page<Item>> {
  const rows = await read({ skip, limit: limit + 1, after });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(toItem), ...(rows.length > limit && last && { next: last.id }) };
}
