import sql from 'sql-template-tag';
import { qualified } from '../identifiers.ts';
import { searchTerms } from '@sallyport/core';
import type { MigrationConnection } from '../sql.ts';

interface FirstVersionUser {
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly age: number;
  readonly city: string;
}

/** Rows that are in memory at a time. */
const batch = 2_000;

/** Fills the profile and the search terms of each user of the first version. */
export async function rewriteUsers(connection: MigrationConnection, schema: string): Promise<void> {
  const users = qualified(schema, 'users');
  let last = 0;
  for (;;) {
    const rows = await connection.query<FirstVersionUser>(sql`
      select id, email, name, age, city from ${users} where id > ${last} order by id limit ${batch}`);
    if (rows.length === 0) return;
    await connection.query(sql`
      update ${users} set name = filled.name, profile = filled.profile, search = array_to_tsvector(filled.terms)
      from jsonb_to_recordset(${JSON.stringify(rows.map(fill))}::jsonb)
        as filled (id bigint, name text, profile jsonb, terms text[])
      where users.id = filled.id`);
    last = rows.at(-1)?.id ?? last;
  }
}

function fill({ id, email, name: written, age, city }: FirstVersionUser) {
  const name = written.normalize('NFC');
  return { id, name, profile: { age, city: city.normalize('NFC') }, terms: searchTerms({ name, email }) };
}
