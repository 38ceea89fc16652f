import { assignedId } from '@sallyport/core';
import { copyRow } from './copy-row.ts';

/**
 * Reads and writes rows of one kind. Rows are copied on the way in and out, so a caller's changes to a copy have no
 * effect.
 */
export interface Rows<Id, Row> {
  get(id: Id): Row | undefined;
  /** The ids of the rows with this key. */
  idsWithKey(key: unknown): readonly Id[];
  /** The rows with this key. */
  withKey(key: unknown): readonly Row[];
  /** All rows, in the order of their creation. */
  all(): Iterable<Row>;
  put(row: Row): void;
  remove(id: Id): void;
}

/** A row that its table alone holds, with the keys that it is found by. */
interface Entry<Row> {
  readonly row: Row;
  readonly keys: readonly unknown[];
}

/** How a draft changes its table. */
interface Entries<Id, Row> {
  /** The entry of a row. What can fail, such as the copy of a value, fails here and not while the table changes. */
  of(row: Row): Entry<Row>;
  /** Puts an entry in the place of the row with this id, or removes the row. It does not fail. */
  replace(id: Id, entry: Entry<Row> | undefined): void;
}

/** The committed rows of one kind, which are found by id and by further keys. Several rows may share a key. */
export class Table<Id extends string | number, Row extends { readonly id: Id }> implements Rows<Id, Row> {
  readonly #keysOf: (row: Row) => readonly unknown[];
  readonly #entries = new Map<Id, Entry<Row>>();
  readonly #byKey = new Map<unknown, Set<Id>>();

  constructor(keysOf: (row: Row) => readonly unknown[]) {
    this.#keysOf = keysOf;
  }

  get(id: Id): Row | undefined {
    const entry = this.#entries.get(id);
    return entry && copyRow(entry.row);
  }

  idsWithKey(key: unknown): readonly Id[] {
    return [...(this.#byKey.get(key) ?? [])];
  }

  withKey(key: unknown): readonly Row[] {
    return this.idsWithKey(key).flatMap((id) => this.get(id) ?? []);
  }

  *all(): Iterable<Row> {
    for (const { row } of this.#entries.values()) yield copyRow(row);
  }

  put(row: Row): void {
    this.#replace(row.id, this.#entryOf(row));
  }

  remove(id: Id): void {
    this.#replace(id, undefined);
  }

  /** The view of a transaction, which it can change. */
  draft(): Draft<Id, Row> {
    return new Draft(this, {
      of: (row) => this.#entryOf(row),
      replace: (id, entry) => this.#replace(id, entry),
    });
  }

  #entryOf(row: Row): Entry<Row> {
    const copy = copyRow(row);
    return { row: copy, keys: this.#keysOf(copy) };
  }

  #replace(id: Id, entry: Entry<Row> | undefined): void {
    this.#forget(id);
    if (!entry) return;
    this.#entries.set(id, entry);
    for (const key of entry.keys) this.#byKey.set(key, (this.#byKey.get(key) ?? new Set()).add(id));
  }

  #forget(id: Id): void {
    for (const key of this.#entries.get(id)?.keys ?? []) {
      const ids = this.#byKey.get(key);
      ids?.delete(id);
      if (ids?.size === 0) this.#byKey.delete(key);
    }
    this.#entries.delete(id);
  }
}

/**
 * The view of one transaction: the committed rows with its own changes, which no other transaction sees until `commit`.
 */
export class Draft<Id extends string | number, Row extends { readonly id: Id }> implements Rows<Id, Row> {
  readonly #table: Rows<Id, Row>;
  readonly #entries: Entries<Id, Row>;
  readonly #changes = new Map<Id, Entry<Row> | undefined>();

  constructor(table: Rows<Id, Row>, entries: Entries<Id, Row>) {
    this.#table = table;
    this.#entries = entries;
  }

  get(id: Id): Row | undefined {
    if (!this.#changes.has(id)) return this.#table.get(id);
    const entry = this.#changes.get(id);
    return entry && copyRow(entry.row);
  }

  idsWithKey(key: unknown): readonly Id[] {
    const untouched = this.#table.idsWithKey(key).filter((id) => !this.#changes.has(id));
    const changed = [...this.#changes.values()].filter((entry) => entry !== undefined);
    return [...untouched, ...changed.filter(({ keys }) => keys.includes(key)).map(({ row }) => row.id)];
  }

  withKey(key: unknown): readonly Row[] {
    return this.idsWithKey(key).flatMap((id) => this.get(id) ?? []);
  }

  *all(): Iterable<Row> {
    for (const row of this.#table.all()) if (!this.#changes.has(row.id)) yield row;
    for (const entry of this.#changes.values()) if (entry !== undefined) yield copyRow(entry.row);
  }

  put(row: Row): void {
    this.#changes.set(row.id, this.#entries.of(row));
  }

  remove(id: Id): void {
    this.#changes.set(id, undefined);
  }

  /** Hands its entries to the table. It does not fail, so that a transaction of several tables is committed as a whole. */
  commit(): void {
    for (const [id, entry] of this.#changes) this.#entries.replace(id, entry);
  }
}

/**
 * Numbers rows as a sequence does: in order, without repetition, even if a row is never committed. Rows that bring their
 * own numbers take them.
 */
export class Sequence {
  /** The numbers that were given out or taken, as ascending ranges that neither overlap nor touch. */
  readonly #ranges: { first: number; last: number }[] = [];

  /** @throws RangeError when it would be greater than the ids that the core accepts */
  next(): number {
    const number = assignedId((this.#ranges.at(-1)?.last ?? 0) + 1);
    this.take(number);
    return number;
  }

  /** Takes this number, so that `next` returns greater ones. It may have been taken before. */
  take(number: number): void {
    const ranges = this.#ranges;
    // Most numbers follow the last one.
    const found = ranges.findLastIndex(({ first }) => first <= number);
    const [before, after] = [ranges[found], ranges[found + 1]];
    if (before && number <= before.last) return;
    const [extendsBefore, extendsAfter] = [before?.last === number - 1, after?.first === number + 1];
    const range = {
      first: extendsBefore && before ? before.first : number,
      last: extendsAfter && after ? after.last : number,
    };
    ranges.splice(extendsBefore ? found : found + 1, Number(extendsBefore) + Number(extendsAfter), range);
  }

  /** All numbers that were given out or taken, upwards or downwards from behind `after`. */
  *from(after: number | undefined, direction: 'up' | 'down'): Iterable<number> {
    if (direction === 'up') {
      const behind = (after ?? 0) + 1;
      for (const { first, last } of this.#ranges) {
        for (let id = Math.max(first, behind); id <= last; id += 1) yield id;
      }
      return;
    }
    const behind = (after ?? Infinity) - 1;
    for (const { first, last } of this.#ranges.toReversed()) {
      for (let id = Math.min(last, behind); id >= first; id -= 1) yield id;
    }
  }
}
