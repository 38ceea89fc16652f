import { migrate, openPg } from '@sallyport/adapters-postgres';
import { postgresPosts } from '@sallyport/adapters-postgres/posts';
import pg from 'pg';

/** Fewest admins, deactivated and unverified accounts, so that a small table has a page of each too. */
const fewest = 25;

/** The accounts that the trial asks for, in every schema. */
export const people = { busy: 7, ordinary: 400, hidden: 11, admin: 20 };

/** The password of every account. */
export const password = 'correct horse battery';

/**
 * Fills a schema of its own with so many members, sessions and posts, twice as many audit entries, and their tokens,
 * networks and limits. A schema that an earlier trial has filled is used again.
 *
 * @param {string} url
 * @param {number} rows
 */
export async function fill(url, rows) {
  const schema = `trial_${rows}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from information_schema.schemata where schema_name = $1', [schema]);
    if (rowCount > 0) return schema;
    const database = openPg(url, { schema });
    await migrate(database, [postgresPosts]);
    await database.close();
    await client.query(`set search_path to ${schema}; set synchronous_commit to off; set jit to off;
      set maintenance_work_mem to '512MB'`);
    await client.query(chance);
    const indexes = await client.query(
      `select indexname as name, indexdef as definition from pg_indexes where schemaname = $1 and not exists
         (select from pg_constraint where conname = indexname and connamespace = $1::regnamespace)`,
      [schema],
    );
    // An index costs less over a full table than row by row.
    for (const { name } of indexes.rows) await client.query(`drop index ${name}`);
    for (const statement of [users, sessions, posts, audit, tokens, networks, limits, outbox]) {
      await client.query(statement(rows));
    }
    for (const { definition } of indexes.rows) await client.query(definition);
    const { rows: tables } = await client.query('select tablename from pg_tables where schemaname = $1', [schema]);
    for (const { tablename } of tables) await client.query(`vacuum (analyze) ${tablename}`);
    return schema;
  } finally {
    await client.end();
  }
}

/** A number from 0 to `below - 1` that looks random and is the same in every trial. */
const chance = `create function chance(n bigint, seed int, below int) returns int immutable parallel safe language sql
  as $$ select (abs(hashint8extended(n, seed)) % below)::int $$`;

/** Two words that look like names: 300 first names, and 20,000 family names of which some are frequent. */
const word = (n, length) => `translate(substr(md5((${n})::text), 1, ${length}), '0123456789', 'ghijklmnop')`;

const users = (rows) => `
  insert into users
    (email, external_id, name, search, profile, role, is_active, email_verified, created_at, password_hash)
  select email, external_id, initcap(first || ' ' || last), array_to_tsvector(array[first, last, email]),
    jsonb_build_object('age', 18 + chance(n, 1, 70), 'city', initcap(${word('chance(n, 2, 500)', 8)})),
    case when n <= ${2 * fewest} and n % 2 = 0 or chance(n, 3, 1000) = 0 then 'admin' else 'user' end,
    not (n = ${people.hidden} or n between 100 and ${100 + fewest} or chance(n, 4, 100) = 0),
    chance(n, 5, 10) > 0, now() - interval '3 years' * (1 - n / ${rows}.0), 'plain:' || n || ':${password}'
  from (
    select n, ${word('chance(n, 6, 300)', 6)} as first, ${word('sqrt(chance(n, 7, 400000000))::int', 9)} as last,
      ${word('n', 8)} || n || '@example.com' as email,
      case when n = ${people.ordinary} or chance(n, 8, 5) = 0 then 'legacy-' || n end as external_id
    from generate_series(1, ${rows}) as n) as person`;

/** Two in five are live, and the others ended, expired or idle. One in fifty is of one account, which ended most. */
const sessions = (rows) => `
  insert into sessions
    (id, user_id, methods, authenticated_at, generation, created_at, last_used_at, turned_at, networks, from_new_network,
     shared_at, expires_at, ended_at, ip, user_agent)
  select md5('session ' || n), user_id, '{pwd}', opened_at, chance(n, 11, 40), opened_at, opened_at + used, opened_at + used,
    array['203.0.' || chance(n, 12, 250) || '.0/24'], false, '{}', opened_at + interval '90 days',
    case when user_id = ${people.busy} and n > 1000 or chance(n, 13, 5) = 0 then opened_at + used end,
    '203.0.' || chance(n, 12, 250) || '.' || chance(n, 14, 250), 'Browser ' || chance(n, 15, 40)
  from (
    select n, case when chance(n, 16, 50) = 0 then ${people.busy} else 1 + chance(n, 17, ${rows}) end as user_id,
      now() - interval '1 second' * chance(n, 18, 120 * 86400) as opened_at,
      interval '1 second' * chance(n, 19, 86400) as used
    from generate_series(1, ${rows}) as n) as session`;

/** One in ten is of one author, one in twenty of a deactivated one. */
const posts = (rows) => `
  insert into posts (title, content, published, author_id, created_at)
  select 'Title of ' || n, repeat('Twenty characters. ', 2 + chance(n, 21, 20)), chance(n, 22, 10) < 7,
    case when chance(n, 23, 10) = 0 then ${people.busy} when chance(n, 23, 20) = 1 then ${people.hidden}
      when chance(n, 23, 50) = 2 and n <= 1000 then ${people.ordinary}
      else 1 + (chance(n, 24, 30000)::bigint * chance(n, 25, 30000) % ${rows}) end,
    now() - interval '3 years' * (1 - n / ${rows}.0)
  from generate_series(1, ${rows}) as n`;

/** Of the last 400 days: most are logins. One account is the subject of one in twenty, one admin the actor of as many. */
const audit = (rows) => `
  insert into audit (at, type, actor_id, subject_id, ip, user_agent, detail)
  select now() - interval '400 days' * (1 - n / ${2 * rows}.0) - interval '1 second' * chance(n, 31, 3),
    case when n % (${2 * rows} / 40) = 0 then 'signing_key.created' when kind < 60 then 'user.logged_in' when kind < 80 then 'user.login_failed'
      when kind < 90 then 'session.ended' when kind < 95 then 'user.registered' else 'user.role_changed' end,
    case when kind between 60 and 79 then null when kind >= 95 then ${people.admin} else subject end,
    subject, case when chance(n, 33, 20) = 0 then '198.51.100.7'
      else '203.0.' || chance(n, 34, 250) || '.' || chance(n, 35, 250) end,
    'Browser ' || chance(n, 36, 40), '{}'
  from (
    select n, chance(n, 32, 100) as kind,
      case when chance(n, 37, 20) = 0 then ${people.busy} else 1 + chance(n, 38, ${rows}) end as subject
    from generate_series(1, ${2 * rows}) as n) as entry`;

/** A quarter has expired. */
const tokens = (rows) => `
  insert into one_time_tokens (digest, user_id, purpose, email, created_at, expires_at)
  select md5('token ' || n), 1 + chance(n, 41, ${rows}), 'verify_email', 'x@example.com', now() - interval '2 days',
    now() + interval '1 second' * (chance(n, 42, 172800) - 43200)
  from generate_series(1, ${rows}) as n`;

const networks = (rows) => `
  insert into known_networks
  select 1 + chance(n, 51, ${rows}), '203.0.' || chance(n, 52, 250) || '.0/24',
    now() + interval '1 second' * (chance(n, 53, 120 * 86400) - 30 * 86400)
  from generate_series(1, ${rows}) as n on conflict do nothing`;

const limits = (rows) => `
  insert into rate_limits
  select md5('bucket ' || n), 1, now() + interval '1 second' * (chance(n, 61, 7200) - 1800)
  from generate_series(1, ${rows}) as n`;

/** Few mails wait, in every deployment. */
const outbox = () => `
  insert into outbox (kind, email, queued_at, due_at)
  select 'verify_email', 'x@example.com', now(), now() + interval '1 day' from generate_series(1, 100)`;
