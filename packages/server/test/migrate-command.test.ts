import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../../test/databases.ts';
import { readFirstVersion } from './first-version.ts';
import { eachCommandInADirectory } from './run-command.ts';
import { eachInADirectory, onPostgres } from './sallyport-process.ts';

const { serve } = eachInADirectory();
const { path, end } = eachCommandInADirectory();

/** A Postgres, and the operator's connection to it. There is no SECRET_KEY. */
async function openPostgres(script = '') {
  const { url } = await createDatabase();
  const operator = new pg.Client({ connectionString: url });
  await operator.connect();
  onTestFinished(() => operator.end());
  await operator.query(script);
  return { operator, environment: { DATABASE_URL: url } };
}

const relations = async (operator: pg.Client) => {
  const { rows } = await operator.query(`
    select nspname, relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname not like 'pg_%' and nspname <> 'information_schema' order by 1, 2`);
  return rows;
};

describe('sallyport migrate', () => {
  it('needs no secret, says the steps that it took, and creates indexes that are missing', async () => {
    const { operator, environment } = await openPostgres();
    const said = async () => (await end(['migrate'], environment)).stderr;
    expect(await said()).toBe('Migrated: core/0001_baseline, core/0002_mails, posts/0001_baseline\n');
    expect(await said()).toBe('The schema is up to date\n');
    await operator.query('drop index sallyport.users_search');
    expect(await said()).toBe('Created indexes: users_search\n');
    expect(await said()).toBe('The schema is up to date\n');
  });

  it('leaves missing indexes to the operator at a start, and says so in the log', async () => {
    const environment = await onPostgres();
    expect(await end(['migrate'], environment)).toMatchObject({ code: 0 });
    const operator = new pg.Client({ connectionString: environment.DATABASE_URL });
    await operator.connect();
    await operator.query('drop index sallyport.audit_ip');
    const server = serve(environment);
    await server.url;
    const { log } = await server.stop();
    expect(log).toContainEqual(
      expect.objectContaining({ indexes: ['audit_ip'], msg: expect.stringContaining('run sallyport migrate') }),
    );
    expect((await operator.query(`select from pg_class where relname = 'audit_ip'`)).rowCount).toBe(0);
    await operator.end();
  });

  it('uses the schema that is named, and refuses names that cannot be one', async () => {
    const { operator, environment } = await openPostgres();
    expect((await end(['migrate'], { ...environment, DATABASE_SCHEMA: 'Auth-2 "x"' })).code).toBe(0);
    expect((await relations(operator)).map(({ nspname }) => nspname)).toContain('Auth-2 "x"');
    for (const name of ['pg_auth', 'information_schema', 'x'.repeat(64), 'ä'.repeat(32)]) {
      expect(await end(['migrate'], { ...environment, DATABASE_SCHEMA: name })).toMatchObject({
        code: 1,
        stderr: 'DATABASE_SCHEMA must be a name of at most 63 bytes, not information_schema, and not begin with pg_\n',
      });
    }
  });

  it('says in words which privilege is missing and what another role has to run, and so does a start', async () => {
    const { operator, environment } = await openPostgres();
    const name = `Role "${randomUUID()}"`;
    const role = pg.escapeIdentifier(name);
    await operator.query(`create role ${role} login password 'secret'`);
    const url = new URL(environment.DATABASE_URL);
    [url.username, url.password] = [encodeURIComponent(name), 'secret'];
    const stderr =
      `The role ${role} may not create the schema "sallyport". Another role has to run first:\n` +
      `  create schema "sallyport";\n  grant usage, create on schema "sallyport" to ${role};\n`;
    const asRole = { DATABASE_URL: url.href, SECRET_KEY: 'a secret key for tests, long enough' };
    expect(await end(['migrate'], asRole)).toMatchObject({ code: 1, stdout: '', stderr });
    expect(await end(['serve'], asRole)).toMatchObject({ code: 1, stdout: '', stderr });
    await operator.query(stderr.slice(stderr.indexOf('\n')));
    expect(await end(['migrate'], asRole)).toMatchObject({ code: 0 });
    await operator.query(`drop owned by ${role} cascade; drop role ${role}`);
  });
});

describe('sallyport migrate --plan', () => {
  it('says what would happen to the tables of the first version, and changes nothing', async () => {
    const { sql } = await readFirstVersion('at-0002');
    const { operator, environment } = await openPostgres(`${sql}; analyze`);
    const before = await relations(operator);
    const { code, stdout, stderr } = await end(['migrate', '--plan'], environment);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.replaceAll(/\d+ (?=rows|MB|s\n)/g, 'N ')).toBe(
      `Pending in the schema public:
  in one transaction, at the next start or by sallyport migrate
    first-version/0003_rate-limits
      locks sessions in ACCESS EXCLUSIVE mode: about N rows, N MB
    first-version/0004_sessions-of-a-user
      locks sessions in ACCESS EXCLUSIVE mode: about N rows, N MB
    first-version/take-over, about N s
      locks users in ACCESS EXCLUSIVE mode: about N rows, N MB
      locks sessions in ACCESS EXCLUSIVE mode: about N rows, N MB
      locks one_time_tokens in ACCESS EXCLUSIVE mode: about N rows, N MB
      locks posts in ACCESS EXCLUSIVE mode: about N rows, N MB
      locks outbox in ACCESS EXCLUSIVE mode: about N rows, N MB
      locks audit in ACCESS EXCLUSIVE mode: about N rows, N MB
    core/0002_mails
      locks one_time_tokens in ACCESS EXCLUSIVE mode: about N rows, N MB
      locks outbox in ACCESS EXCLUSIVE mode: about N rows, N MB
  while the tables are in use, by sallyport migrate alone
    audit_ip, about N s
      locks audit in SHARE UPDATE EXCLUSIVE mode: about N rows, N MB
    audit_transaction_id, about N s
      locks audit in SHARE UPDATE EXCLUSIVE mode: about N rows, N MB
    users_search, about N s
      locks users in SHARE UPDATE EXCLUSIVE mode: about N rows, N MB
`,
    );
    expect(await relations(operator)).toEqual(before);
    expect((await end(['migrate'], environment)).stderr).toBe(
      'Migrated: first-version/0003_rate-limits, first-version/0004_sessions-of-a-user, first-version/take-over, core/0002_mails\n' +
        'Created indexes: audit_ip, audit_transaction_id, users_search\n',
    );
    expect((await end(['migrate', '--plan'], environment)).stdout).toBe('The schema public is up to date\n');
  });

  it('creates no embedded database', async () => {
    const { code, stdout } = await end(['migrate', '--plan']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('core/0001_baseline: locks nothing\n')]);
    expect(existsSync(path('data'))).toBe(false);
  });
});
