import type { SallyportError } from '@sallyport/core';
import type { MigrationPart } from './migrations/part.ts';
import type { Queries, TransactionQueries } from './sql.ts';

/** A module's part of a store on Postgres: its tables, and the ports and repositories on them. */
export interface PostgresPart<Ports extends object, Repositories extends object> extends MigrationPart {
  /** The ports that read outside transactions. */
  ports(queries: Queries): Ports;
  /** The repositories of one transaction. */
  repositories(queries: TransactionQueries): Repositories;
  /** The refusals of violated constraints, by the names of the constraints. The caller's transaction is rolled back. */
  readonly refusals?: Readonly<Record<string, (cause: Error) => SallyportError>>;
}

export type AnyPart = PostgresPart<object, object>;

/** The types that belong to all members of a union. */
type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** The ports of all these parts. */
export type PortsOf<Parts extends readonly AnyPart[]> = Intersection<ReturnType<Parts[number]['ports']>>;

/** The repositories of all these parts. */
export type RepositoriesOf<Parts extends readonly AnyPart[]> = Intersection<ReturnType<Parts[number]['repositories']>>;
