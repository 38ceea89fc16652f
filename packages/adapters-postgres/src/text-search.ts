import { nameTerms, searchedTerms, searchTerms } from '@sallyport/core';
import sql, { type Sql } from 'sql-template-tag';

/** What the column `search` holds for an account. */
export function searchVector(account: { readonly name: string; readonly email: string }): Sql {
  return sql`array_to_tsvector(${searchTerms(account)}::text[])`;
}

/** The same for an account that gets another name. An address is ASCII in lower case, so folding leaves it as it is. */
export function vectorWithName(name: string): Sql {
  return sql`array_to_tsvector(array_append(${nameTerms(name)}::text[], email::text))`;
}

/** The same for an account that gets another address. */
export function vectorWithEmail(email: string): Sql {
  return sql`ts_delete(search, email::text) || array_to_tsvector(array[${email}::text])`;
}

/** Whether an account is found by this text; `undefined` where no account can be. */
export function isFoundBy(text: string): Sql | undefined {
  const alternatives = searchedTerms(text).map((list) => list.map(beginning).join(' & '));
  // The text of a query may hold any character within quotes (PostgreSQL manual, "tsquery").
  return alternatives.length > 0 ? sql`search @@ ${alternatives.join(' | ')}::tsquery` : undefined;
}

const beginning = (term: string) => `'${term.replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`;
