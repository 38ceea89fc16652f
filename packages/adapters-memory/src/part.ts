import type { User } from '@sallyport/core';
import type { DatabaseDraft } from './database.ts';
import type { Rows, Table } from './table.ts';

/** The store that a part belongs to. */
export interface PartOfStore {
  /**
   * The committed rows of a table, outside transactions.
   *
   * @throws Error inside a transaction, which would not see its own changes
   */
  committed<Id extends string | number, Row extends { readonly id: Id }>(table: Table<Id, Row>): Rows<Id, Row>;
  /** The committed accounts, outside transactions. */
  users(): Rows<number, User>;
}

/**
 * A module's part of a store in memory: it creates its tables, and the ports and repositories on them. Its rows in a
 * transaction are `transaction.rows(table)`, the accounts `transaction.users`.
 */
export type MemoryPart<Ports extends object, Repositories extends object> = (store: PartOfStore) => {
  readonly ports: Ports;
  repositories(transaction: DatabaseDraft): Repositories;
};

type AnyPart = MemoryPart<object, object>;

/** The types that belong to all members of a union. */
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The ports of all these parts. */
export type PortsOf<Parts extends readonly AnyPart[]> = Intersection<
  Parts[number] extends infer Part ? (Part extends MemoryPart<infer Ports, object> ? Ports : never) : never
>;

/** The repositories of all these parts. */
export type RepositoriesOf<Parts extends readonly AnyPart[]> = Intersection<
  Parts[number] extends infer Part ? (Part extends MemoryPart<object, infer Writes> ? Writes : never) : never
>;
