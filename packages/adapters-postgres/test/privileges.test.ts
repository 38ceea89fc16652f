import { randomUUID } from 'node:crypto';
import pg from 'pg';
import sql from 'sql-template-tag';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { readFirstVersion } from '../../server/test/first-version.ts';
import { findSchema, inSchema, migrate, MigrationError, openPg, type Sql } from '../src/index.ts';
import { postgresPosts } from '../src/posts/index.ts';
import { describeSchema } from './describe-schema.ts';

let url: string;
let operator: pg.Client;
beforeEach(async () => {
  ({ url } = await createDatabase());
  operator = new pg.Client({ connectionString: url });
  await operator.connect();
  await operator.query('revoke all on schema public from public');
  onTestFinished(() => operator.end());
});

/** A database as a role with no privilege beyond connecting uses it. */
async function openAsRole(schema?: string): Promise<Sql> {
  const name = `Role "${randomUUID()}"`;
  const role = pg.escapeIdentifier(name);
  await operator.query(`create role ${role} login password 'secret'`);
  const own = new URL(url);
  [own.username, own.password] = [encodeURIComponent(name), 'secret'];
  const database = openPg(own.href, { schema });
  onTestFinished(async () => {
    await database.close();
    await operator.query(`drop owned by ${role} cascade; drop role ${role}`);
  });
  return database;
}

/** What is refused, whose statements the operator then runs. */
async function refusal(database: Sql): Promise<string> {
  const before = await describeSchema(inSchema(openAsOperator(), database.schema));
  const error: unknown = await migrate(database, [postgresPosts]).catch((thrown: unknown) => thrown);
  if (!(error instanceof MigrationError)) throw new Error('It was not refused', { cause: error });
  expect(await describeSchema(inSchema(openAsOperator(), database.schema))).toEqual(before);
  expect(error.statements.length).toBeGreaterThan(0);
  for (const statement of error.statements) {
    expect(error.message).toContain(`\n  ${statement}`);
    await operator.query(statement);
  }
  return error.message.split('\n')[0] ?? '';
}

function openAsOperator(schema?: string): Sql {
  const database = openPg(url, { schema });
  onTestFinished(() => database.close());
  return database;
}

const all = ['core/0001_baseline', 'core/0002_mails', 'posts/0001_baseline'];

describe('a role that lacks a privilege is told the statements that another role has to run, and then migrates', () => {
  it.each(['sallyport', 'Auth-2 "x"'])('to create the schema %s', async (schema) => {
    const database = await openAsRole(schema);
    const reason = await refusal(database);
    expect(reason).toMatch(/^The role "Role ""[\w-]+""" may not create the schema/);
    expect(reason).toContain(
      `may not create the schema ${pg.escapeIdentifier(schema)}. Another role has to run first:`,
    );
    expect(await migrate(database, [postgresPosts])).toEqual(all);
    expect(await migrate(database, [postgresPosts])).toEqual([]);
  });

  it('to create tables in a schema that is there', async () => {
    await operator.query('create schema sallyport');
    const database = await openAsRole();
    expect(await refusal(database)).toMatch(/may not change the tables in the schema "sallyport"/);
    expect(await migrate(database, [postgresPosts])).toEqual(all);
  });

  it('to use tables that are up to date', async () => {
    await migrate(openAsOperator(), [postgresPosts]);
    const database = await openAsRole();
    expect(await refusal(database)).toMatch(/may not use the tables in the schema "sallyport"/);
    expect(await migrate(database, [postgresPosts])).toEqual([]);
    await database.query(sql`
      insert into sallyport.users (email, name, search, role, is_active, email_verified, created_at)
      values ('ada@example.com', 'Ada', '', 'user', true, true, now())`);
  });

  it('to change tables that belong to another role', async () => {
    const database = await openAsRole();
    await migrate(openAsOperator(), [postgresPosts]);
    await operator.query('drop table sallyport.posts, sallyport.sallyport_posts_migrations');
    expect(await refusal(database)).toMatch(/may not use the tables/);
    expect(await refusal(database)).toMatch(/may not change the tables/);
    expect(await migrate(database, [postgresPosts])).toEqual(['posts/0001_baseline']);
  });

  it('to take over the first version', async () => {
    const { sql: script } = await readFirstVersion('at-0002');
    await operator.query(script);
    const database = await openAsRole(await findSchema(openAsOperator()));
    expect(await refusal(database)).toMatch(/may not use the bookkeeping of the prototype/);
    expect(await refusal(database)).toMatch(/may not change the tables in the schema "public"/);
    expect(await migrate(database, [postgresPosts])).toContain('first-version/take-over');
  });
});

describe('a role without the privilege to create anything', () => {
  it('starts on tables that are up to date, and finds the schema without any privilege on public', async () => {
    await migrate(openAsOperator(), [postgresPosts]);
    const database = await openAsRole();
    await refusal(database);
    expect(await findSchema(database)).toBe('sallyport');
    expect(await migrate(database, [postgresPosts])).toEqual([]);
    await expect(database.query(sql`create table sallyport.things ()`)).rejects.toMatchObject({ code: '42501' });
  });

  it('finds the bookkeeping of the first version without any privilege on public', async () => {
    const { sql: script } = await readFirstVersion('without-posts');
    await operator.query(script);
    expect(await findSchema(await openAsRole())).toBe('public');
  });
});

describe('a schema that contains something of the host', () => {
  it.each(['users', 'posts', 'audit'])('is refused for its table %s', async (table) => {
    await operator.query(`create table public.${pg.escapeIdentifier(table)} (id int)`);
    const database = openAsOperator('public');
    const before = await describeSchema(database);
    await expect(migrate(database, [postgresPosts])).rejects.toMatchObject({
      name: 'MigrationError',
      message: `The schema "public" has a table "${table}" of another application. Set DATABASE_SCHEMA or the option schema to another name. That schema need not exist.`,
    });
    expect(await describeSchema(database)).toEqual(before);
  });

  it('is refused for a sequence or a type with the name of a table', async () => {
    await operator.query('create schema sallyport; create type sallyport.audit as enum ()');
    await expect(migrate(openAsOperator(), [postgresPosts])).rejects.toThrow(
      /of another application: .*"audit" already exists/,
    );
    await operator.query('drop type sallyport.audit; create sequence sallyport.audit');
    await expect(migrate(openAsOperator(), [postgresPosts])).rejects.toThrow(
      /of another application: .*"audit" already exists/,
    );
  });
});

describe('a table that another transaction keeps locked', () => {
  it('stops the migration with a sentence, and changes nothing', async () => {
    const { sql: script } = await readFirstVersion('without-posts');
    await operator.query(script);
    const database = openAsOperator('public');
    const before = await describeSchema(database);
    await operator.query('begin; lock table public.users in access share mode');
    await expect(migrate(database, [postgresPosts])).rejects.toMatchObject({
      name: 'MigrationError',
      message: expect.stringMatching(/^A table stays locked by another transaction/),
    });
    await operator.query('commit');
    expect(await describeSchema(database)).toEqual(before);
    expect(await migrate(database, [postgresPosts])).toContain('first-version/take-over');
  });
});
