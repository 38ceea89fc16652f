import type { Email } from '@sallyport/core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { migrate, openPg, postgresStore, type PostgresStore, type Sql, type Statement } from '../src/index.ts';
import { postgresPosts } from '../src/posts/index.ts';

const rows = 20_000;

let database: Sql;
let client: pg.Client;
beforeAll(async () => {
  const { url } = await createDatabase();
  database = openPg(url);
  await migrate(database, [postgresPosts]);
  client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    set search_path to sallyport;
    insert into users
      (email, external_id, name, search, profile, role, is_active, email_verified, created_at, password_hash)
    select md5(n::text) || '@example.com', 'legacy ' || n, 'Name ' || md5(n::text),
      array_to_tsvector(array['name', md5(n::text), md5(n::text) || '@example.com']), '{"age": 36}',
      case when n % 1000 = 0 then 'admin' else 'user' end, n % 100 <> 1, n % 200 <> 1, now(), repeat('h', 97)
    from generate_series(1, ${rows}) as n;
    insert into sessions
      (id, user_id, methods, authenticated_at, created_at, last_used_at, turned_at, networks, from_new_network,
       shared_at, expires_at, ended_at)
    select md5(id::text), id, '{pwd}', now(), now(), now(), now(), '{}', false, '{}', now(),
      case when id % 10 > 0 then now() end
    from users;
    insert into sessions
      (id, user_id, methods, authenticated_at, created_at, last_used_at, turned_at, networks, from_new_network,
       shared_at, expires_at, ended_at, user_agent)
    select 'over ' || n, 7, '{pwd}', now(), now(), now(), now(), '{}', false, '{}', now() + interval '90 days', now(),
      'Browser ' || n
    from generate_series(1, 2000) as n;
    insert into posts (title, content, published, author_id, created_at)
    select 'Title', repeat('c', 200), id * 7919 / 1000 % 2 = 0, 1 + id % 200, now() from users;
    insert into posts (title, content, published, author_id, created_at)
    select 'Title', repeat('c', 200), n > 30, busy, now() from generate_series(1, 3000) as n, (values (300), (201)) as of (busy);
    insert into known_networks select id, '203.0.113.0/24', now() + interval '90 days' from users;
    analyze users, sessions, known_networks, posts`);
});
afterAll(async () => {
  await client.end();
  await database.close();
});

interface Step {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Step[];
}

const withSteps = (step: Step): readonly Step[] => [step, ...(step.Plans ?? []).flatMap(withSteps)];

/** Rows of tables that a step looked at, whether it kept them or not. */
function looks(step: Step): number {
  if (!step['Relation Name']) return 0;
  return (step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0)) * step['Actual Loops'];
}

/** The statements that a call of the store comes to. */
async function statementsOf(
  call: (store: PostgresStore<[typeof postgresPosts]>) => Promise<unknown>,
): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  const listening: Sql = {
    schema: database.schema,
    table: (name) => database.table(name),
    query(statement) {
      statements.push(statement);
      return database.query(statement);
    },
    transaction: (work) =>
      database.transaction(({ query, ...queries }) =>
        work({
          ...queries,
          query(statement) {
            statements.push(statement);
            return query(statement);
          },
        }),
      ),
    migrating: (work) => database.migrating(work),
    close: () => database.close(),
  };
  await call(postgresStore(listening, [postgresPosts]));
  return statements;
}

/** How Postgres goes about a prepared statement: each time, as it may plan one again for any values after five. */
async function executionsOf({ text, values }: Statement): Promise<readonly (readonly Step[])[]> {
  const literals = values.map((value) => {
    if (value instanceof Date) return pg.escapeLiteral(value.toISOString());
    if (Array.isArray(value)) return pg.escapeLiteral(`{${value.join()}}`);
    if (value === undefined) return 'null';
    return typeof value === 'string' ? pg.escapeLiteral(value) : JSON.stringify(value);
  });
  const execute = literals.length > 0 ? `execute statement(${literals.join()})` : 'execute statement';
  const executions: (readonly Step[])[] = [];
  await client.query(`prepare statement as ${text}`);
  for (let times = 0; times < 7; times += 1) {
    await client.query('begin');
    const { rows: explained } = await client.query<{ 'QUERY PLAN': [{ Plan: Step }] }>(
      `explain (analyze, format json) ${execute}`,
    );
    await client.query('rollback');
    executions.push(explained.flatMap((row) => withSteps(row['QUERY PLAN'][0].Plan)));
  }
  await client.query('deallocate statement');
  return executions;
}

const now = new Date();
const lifetime = { at: now, usedSince: new Date(now.getTime() - 1000) };
const page = { skip: 0, limit: 20 };

/** Opens another session of a user who has many, and takes it back. */
async function opening({ unitOfWork }: PostgresStore<[typeof postgresPosts]>, userAgent: string): Promise<void> {
  const times = { authenticatedAt: now, createdAt: now, lastUsedAt: now, turnedAt: now, expiresAt: now };
  const session = { id: 'opened', userId: 7, methods: [], generation: 0, ...times, userAgent };
  const places = { networks: [], fromNewNetwork: false, sharedAt: [] };
  const takenBack = new Error('taken back');
  const run = unitOfWork.run(async ({ sessions }) => {
    await sessions.open({ ...session, ...places }, 999);
    throw takenBack;
  });
  await expect(run).rejects.toBe(takenBack);
}
/** The MD5 of 1. */
const hash = 'c4ca4238a0b923820dcc509a6f75849b';
const email = `${hash}@example.com` as Email;

describe(`among ${rows} rows`, () => {
  it.each<[what: string, call: (store: PostgresStore<[typeof postgresPosts]>) => Promise<unknown>]>([
    ['a user by their address', ({ users }) => users.findCredentials({ email })],
    ['a user by their id', ({ users }) => users.findById(7)],
    ['a session with its user', ({ sessions }) => sessions.findWithUser(hash)],
    ['users', ({ users }) => users.list({}, page)],
    ['users behind another', ({ users }) => users.list({}, { ...page, after: 10_000 })],
    ['users by the beginning of a name or an address', ({ users }) => users.list({ search: 'c4ca' }, page)],
    ['users by a search that half of them match', ({ users }) => users.list({ search: 'n' }, page)],
    ['no account by a search', ({ users }) => users.list({ search: 'no such name' }, page)],
    ['a user by their external id', ({ users }) => users.list({ externalId: 'legacy 7' }, page)],
    ['users whose address is not verified', ({ users }) => users.list({ emailVerified: false }, page)],
    ['admins', ({ users }) => users.list({ role: 'admin' }, page)],
    ['admins behind another', ({ users }) => users.list({ role: 'admin' }, { ...page, after: 10_000 })],
    ['members', ({ users }) => users.list({ role: 'user' }, page)],
    ['active admins', ({ users }) => users.list({ role: 'admin', isActive: true }, page)],
    ['deactivated users', ({ users }) => users.list({ isActive: false }, page)],
    ['active users', ({ users }) => users.list({ isActive: true }, page)],
    ['the audit from its beginning', ({ audit }) => audit.since(undefined, 20)],
    ['a post with its author', ({ posts }) => posts.findWithAuthor(7)],
    ['posts', ({ posts }) => posts.list({}, page)],
    ['posts by an author', ({ posts }) => posts.list({ authorId: 7 }, page)],
    ['published posts', ({ posts }) => posts.list({ published: true }, page)],
    ['posts that a member may read', ({ posts }) => posts.list({ draftsOf: 7 }, page)],
    ['such posts behind another', ({ posts }) => posts.list({ draftsOf: 7 }, { ...page, after: 9_000 })],
    ['an author’s posts by their state', ({ posts }) => posts.list({ authorId: 300, published: false }, page)],
    ['no post of a busy author who is hidden', ({ posts }) => posts.list({ authorId: 201, byActive: true }, page)],
    ['a member’s own drafts', ({ posts }) => posts.list({ draftsOf: 7, authorId: 7, published: false }, page)],
    ['the live sessions of a busy user', ({ sessions }) => sessions.listLive(7, lifetime, page)],
    ['whether an account knows a network', ({ knownNetworks }) => knownNetworks.isKnown(email, '203.0.113.0/24', now)],
    ['the sessions to end', ({ unitOfWork }) => unitOfWork.run(({ sessions }) => sessions.endAllOf(7, now))],
    ['the sessions beyond many, and a known device', (store) => opening(store, 'Browser 3')],
    ['the sessions beyond many, and no such device', (store) => opening(store, 'Lynx')],
  ])('finds %s by indexes, and looks at few others', async (what, call) => {
    const statements = await statementsOf(call);
    // A search looks at the next 500 accounts before it uses its index.
    const [mostStatements, mostRows] = /by (the beginning|a search)/.test(what) ? [2, 700] : [1, 200];
    expect(statements.length).toBeLessThanOrEqual(mostStatements);
    for (const statement of statements) {
      for (const steps of await executionsOf(statement)) {
        expect(steps.map((step) => step['Node Type'])).not.toContain('Seq Scan');
        expect(steps.reduce((sum, step) => sum + looks(step), 0)).toBeLessThan(mostRows);
      }
    }
  });
});
