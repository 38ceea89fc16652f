import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { doctor } from '../src/doctor/doctor.ts';
import { probes } from '../src/doctor/probes.ts';
import { eachCommandInADirectory } from './run-command.ts';
import { onPostgres } from './sallyport-process.ts';

const { end, path } = eachCommandInADirectory();

const examine = async (environment: Record<string, string>) => {
  const given = { DATA_DIR: path('data'), LOG_LEVEL: 'silent', ...environment };
  const { exitCode, json } = await doctor({ environment: given } as never, { ...probes, measureHash: async () => 60 });
  const { findings } = json as any;
  const of = (check: string) => findings.filter((one: any) => one.check === check);
  return { code: exitCode, of };
};

describe('sallyport doctor, on Postgres', () => {
  it('finds what is pending, changes nothing, and examines the contents once the schema is there', async () => {
    const environment = await onPostgres();
    const operator = new pg.Client({ connectionString: environment.DATABASE_URL });
    await operator.connect();
    onTestFinished(() => operator.end());
    const before = await examine(environment);
    expect(before.of('database')).toEqual([
      {
        check: 'database',
        level: 'ok',
        message: expect.stringMatching(/^PostgreSQL \d+\.\d+, encoding UTF8, \d+ of /),
      },
    ]);
    expect(before.of('clock')).toMatchObject([{ level: 'ok' }]);
    expect(before.of('schema')).toMatchObject([
      { level: 'warning', message: expect.stringContaining('0001_baseline') },
    ]);
    expect([before.of('signing keys'), before.of('admins')]).toEqual([[], []]);
    expect((await operator.query(`select from pg_namespace where nspname = 'sallyport'`)).rowCount).toBe(0);

    await end(['keys', 'list'], environment);
    const created = ['users', 'create', 'root@example.com', '--name', 'Root', '--role', 'admin'];
    expect(await examine(environment).then(({ of }) => of('admins'))).toMatchObject([{ level: 'warning' }]);
    expect((await end(created, environment)).code).toBe(0);
    await operator.query(`drop index sallyport.audit_ip`);
    const after = await examine(environment);
    expect(after.of('schema')).toMatchObject([{ level: 'warning', message: expect.stringContaining('audit_ip') }]);
    expect(after.of('signing keys')).toMatchObject([{ level: 'ok' }]);
    expect(after.of('admins')).toMatchObject([{ level: 'ok' }]);

    const other = await examine({ ...environment, SECRET_KEY: 'another secret, which is long enough' });
    expect(other).toHaveProperty('code', 1);
    expect(other.of('signing keys')).toMatchObject([{ level: 'error' }]);
    expect(other.of('signing keys')[0].message).toContain('sealed with another secret');
  });

  it('says which privileges are missing, and that a database does not answer', async () => {
    const environment = await onPostgres();
    const operator = new pg.Client({ connectionString: environment.DATABASE_URL });
    await operator.connect();
    onTestFinished(() => operator.end());
    const name = `role-${randomUUID()}`;
    const role = pg.escapeIdentifier(name);
    await operator.query(`create role ${role} login password 'secret' connection limit 3`);
    const url = new URL(environment.DATABASE_URL);
    [url.username, url.password] = [name, 'secret'];
    const { code, of } = await examine({ ...environment, DATABASE_URL: url.href });
    expect(code).toBe(1);
    expect(of('database')).toMatchObject([
      { level: 'warning', message: expect.stringContaining('may open 3 connections') },
      { level: 'error', message: expect.stringContaining('may not create the schema') },
    ]);
    await operator.query(`drop role ${role}`);

    const gone = await examine({ ...environment, DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:1/x' });
    expect(gone.of('database')).toMatchObject([{ level: 'error', message: expect.stringContaining('not available') }]);
  });
});
