import { nameTerms, searchedTerms, searchTerms } from '@sallyport/core';
import sql, { type Sql } from 'sql-template-tag';

/** The value of the column `search` for an account. */
export function searchVector(account: { readonly name: string; readonly email: string }): Sql {
  return sql`array_to_tsvector(${searchTerms(account)}::text[])`;
}

/** The value after a change of the name. An address is ASCII in lower case, so folding does not change it. */
export function vectorWithName(name: string): Sql {
  return sql`array_to_tsvector(array_append(${nameTerms(name)}::text[], email::text))`;
}

/** The value after a change of the address. */
export function vectorWithEmail(email: string): Sql {
  return sql`ts_delete(search, email::text) || array_to_tsvector(array[${email}::text])`;
}

/** Whether this text finds an account; `undefined` if it cannot find any. */
export function isFoundBy(text: string): Sql | undefined {
  const alternatives = searchedTerms(text).map((list) => list.map(beginning).join(' & '));
  // Any character is allowed in the quoted text of a query (PostgreSQL manual, "tsquery").
  return alternatives.length > 0 ? sql`search @@ ${alternatives.join(' | ')}::tsquery` : undefined;
}

const beginning = (term: string) => `'${term.replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`;
