import pg from 'pg';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { driverUrl } from './driver-url.ts';

/** How `pg` reads a URL. */
function read(url: string) {
  const client = new pg.Client({ connectionString: driverUrl(url), connectionTimeoutMillis: 1 });
  const { host, port, database, user, password, ssl } = client;
  return { host, port, database, user, password, ssl };
}

const expected = { host: 'db.internal', port: 5432, database: 'app', user: 'me', password: 'p', ssl: false };

describe('driverUrl', () => {
  // It comes first, because pg warns once in a process.
  it('has pg print no warning about a mode', () => {
    const warn = vi.spyOn(process, 'emitWarning');
    onTestFinished(() => void vi.restoreAllMocks());
    for (const mode of ['require', 'verify-ca', 'verify-full']) read(`postgres://db.internal/app?sslmode=${mode}`);
    expect(warn).not.toHaveBeenCalled();
  });

  it.each<[url: string, difference: Readonly<Record<string, unknown>>]>([
    ['postgres://me:p@db.internal/app', {}],
    ['postgresql://me:p@db.internal:6432/app?application_name=x&connect_timeout=5', { port: 6432 }],
    ['postgres://me:p@/app?host=/var/run/postgresql', { host: '/var/run/postgresql' }],
    ['postgresql:///app?host=/run/pg&user=me&password=p', { host: '/run/pg' }],
    ['postgres://me:p@%2Fvar%2Frun%2Fpostgresql/app', { host: '/var/run/postgresql' }],
    ['postgres://me:p@localhost/app?host=/cloudsql/a:b:c&port=6432', { host: '/cloudsql/a:b:c', port: 6432 }],
    ['postgres://me:p@[2001:db8::1]:6432/app', { host: '2001:db8::1', port: 6432 }],
    ['postgres://me:p@db.internal', { database: 'me' }],
    ['postgres://me:%23%2F%3F%40%3A%25%20%C3%A4@db.internal/app', { password: '#/?@:% ä' }],
    ['postgres://me:%23%2F%40@db.internal/app?options=-c search_path=x', { password: '#/@' }],
    ['postgres://me:p@db.internal/app?sslmode=disable', {}],
    ['postgres://me:p@db.internal/app?sslmode=require', { ssl: {} }],
    ['postgres://me:p@db.internal/app?sslmode=verify-ca', { ssl: {} }],
    ['postgres://me:p@db.internal/app?sslmode=verify-full&sslrootcert=system', { ssl: {} }],
    ['postgres://me:p@db.internal/app?sslmode=no-verify', { ssl: { rejectUnauthorized: false } }],
    ['postgres://me:p@db.internal/app?sslmode=disable&sslmode=require', { ssl: {} }],
    ['postgres://me:p@db.internal/app?sslmode=require&sslmode=disable', {}],
    ['postgres://me:p@db.internal/app?uselibpqcompat=true&sslmode=require', { ssl: { rejectUnauthorized: false } }],
  ])('has pg read %s as libpq does', (url, difference) => {
    for (const name of ['PGUSER', 'PGHOST', 'PGPORT', 'PGDATABASE', 'PGSSLMODE']) vi.stubEnv(name, undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(read(url)).toEqual({ ...expected, ...difference });
  });

  it.each([
    ['postgres://me:p@db.internal/app', {}],
    ['postgres://me:p@/app', { host: 'localhost' }],
    ['postgresql:///app?user=me&password=p', { host: 'localhost' }],
    ['postgres://me:p@%2Frun%2Fpg/app', { host: '/run/pg' }],
    ['postgres://me:p@[2001:db8::1]/app?port=', { host: '2001:db8::1' }],
    ['postgres://me:p@db.internal:/app', {}],
  ])('has pg read %s the same whatever PGHOST and PGPORT say', (url, difference) => {
    for (const name of ['PGHOST', 'PGPORT']) vi.stubEnv(name, '7777');
    vi.stubEnv('PGSSLMODE', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(read(url)).toEqual({ ...expected, ...difference });
  });

  it('passes the parameters on as they were written', () => {
    const options = '-c search_path="a b",c -c DateStyle=German';
    const url = new URL(driverUrl(`postgres://db/app?options=${encodeURIComponent(options)}&application_name=a+b`));
    expect(Object.fromEntries(url.searchParams)).toEqual({ options, application_name: 'a b', port: '5432' });
  });
});
