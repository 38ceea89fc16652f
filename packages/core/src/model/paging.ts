import * as v from 'valibot';
import { Id, wholeNumber } from './input.ts';

/** The fields that every list takes. */
export const pageEntries = {
  /** How many to skip, for a few pages. `after` reaches any page at the same cost. */
  skip: v.optional(wholeNumber(0, 10_000), 0),
  limit: v.optional(wholeNumber(1, 100), 10),
  /** The id of the last item of the previous page. */
  after: v.optional(Id),
};

/** The fields that every export takes. */
export const exportEntries = {
  /** The `next` of the previous page. */
  after: v.optional(Id),
  limit: v.optional(wholeNumber(1, 1_000), 500),
};

/** The page that a store reads: it starts behind this id, skips so many, and returns at most so many. */
export interface StorePage<Key = number> {
  readonly skip: number;
  readonly limit: number;
  readonly after?: Key | undefined;
}

/** One page of a list. */
export interface Page<Item, Key = number> {
  readonly items: Item[];
  /** The `after` of the next page; absent on the last page. */
  readonly next?: Key;
}

/** The schema of a page of such items, whose ids are numbers by default. */
export function pageOf<const Item extends v.GenericSchema>(
  item: Item,
): v.ObjectSchema<PageEntries<Item, v.NumberSchema<undefined>>, undefined>;
export function pageOf<const Item extends v.GenericSchema, const Key extends v.GenericSchema>(
  item: Item,
  key: Key,
): v.ObjectSchema<PageEntries<Item, Key>, undefined>;
export function pageOf(item: v.GenericSchema, key: v.GenericSchema = v.number()) {
  return v.object({ items: v.array(item), next: v.optional(key) });
}

type PageEntries<Item extends v.GenericSchema, Key extends v.GenericSchema> = {
  readonly items: v.ArraySchema<Item, undefined>;
  readonly next: v.OptionalSchema<Key, undefined>;
};

/** Reads a page, and one row more to learn whether another page follows. */
export async function readPage<Key extends number | string, Row extends { readonly id: Key }, Item>(
  { skip, limit, after }: StorePage<Key>,
  read: (page: StorePage<Key>) => Promise<readonly Row[]>,
  toItem: (row: Row) => Item,
): Promise<Page<Item, Row['id']>> {
  const rows = await read({ skip, limit: limit + 1, after });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(toItem), ...(rows.length > limit && last && { next: last.id }) };
}
