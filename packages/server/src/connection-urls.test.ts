import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { databaseComplaint, redisComplaint, smtpComplaint } from './connection-urls.ts';

const complaints = { DATABASE_URL: databaseComplaint, REDIS_URL: redisComplaint, SMTP_URL: smtpComplaint } as const;
type Name = keyof typeof complaints;

const encode = 'must percent-encode : / ? # @ % and spaces in its user name and password, for example a # as %23';

/** A URL of each kind, around a user name and a password as they are written. */
const around: Readonly<Record<Name, (written: string) => string[]>> = {
  DATABASE_URL: (written) => [
    `postgres://${written}@db.internal:5432/app`,
    `postgresql://${written}@/app?host=/var/run/postgresql`,
  ],
  REDIS_URL: (written) => [`redis://${written}@redis.internal:6379/0`, `rediss://${written}@redis.internal`],
  SMTP_URL: (written) => [`smtp://${written}@mail.example.com:587`, `smtps://${written}@mail.example.com`],
};
const names = Object.keys(around) as Name[];

describe.each(names)('the complaint about a %s', (name) => {
  const complain = complaints[name];

  it.each(['#', '?', '/', '@', '%', ':', ' ', '\t', '%g', '%zz', '1#2', '1?2', '1/2', '1@2', '//', '%ff'])(
    'is that a password with %j has to be percent-encoded, wherever it stands',
    (special) => {
      for (const password of [`hunter${special}2`, `${special}2`, `2${special}`, special]) {
        for (const url of around[name](`me:${password}`)) expect([url, complain(url)]).toEqual([url, encode]);
      }
    },
  );

  it.each(['#', '?', '/', '@', '%', ' '])('is that a user name with %j has to be percent-encoded', (special) => {
    for (const url of around[name](`me${special}2:hunter2`)) expect([url, complain(url)]).toEqual([url, encode]);
  });

  it('is none about credentials that are percent-encoded, or need not be', () => {
    for (const text of ['#?/@%: \tä', "-._~!$&'()*+,;=", 'hunter2', '\\^`{|}<>"[]']) {
      const written = encodeURIComponent(text);
      for (const url of around[name](`${written}:${written}`)) expect([url, complain(url)]).toEqual([url, undefined]);
    }
    for (const url of around[name]("me:-._~!$&'()*+,;=^`{|}[]")) expect([url, complain(url)]).toEqual([url, undefined]);
  });
});

describe('databaseComplaint', () => {
  it.each([
    'memory:',
    'pglite:',
    'pglite:/var/lib/a #1@b',
    'postgres://db/app',
    'postgres://u:p@/db?host=/socket',
    'postgres://u:@/db?host=/socket&port=6432',
    'postgresql:///db?host=/var/run/postgresql',
    'postgresql:///db',
    'postgresql://?host=/var/run/postgresql',
    'postgres://u:p@%2Fvar%2Frun%2Fpostgresql/db',
    'postgres://u:p@localhost/db?host=/cloudsql/project:region:name',
    'postgres://u:p@db.internal',
    'postgres://u@db.internal:5432',
    'postgres://u:p@[::1]:5432/db',
    'postgres://u:p@db/db?sslmode=require&application_name=x&connect_timeout=5&target_session_attrs=read-write',
    'postgres://u:p@db/db?sslmode=disable',
    'postgres://u:p@db/db?sslmode=no-verify',
    'postgres://u:p@db/db?sslmode=verify-full&sslrootcert=system',
    'postgres://u:p@db/db?ssl=true',
    'postgres://u:p@db/db?sslmode=require&sslnegotiation=direct',
    'postgres://db/db?user=u&password=p&port=6432',
    'postgres://u:p@db/db?options=-c%20search_path=x%20-c DateStyle=German',
    'postgres://u:p@db/db?pgbouncer=true&channel_binding=require',
    'postgres://u:p@a:5432,[::1]:5433,10.0.0.1/db?target_session_attrs=read-write',
    'postgres://u:p@/db?host=a,/var/run/postgresql&port=5432,5433',
    'postgres://u:p@a,b?sslmode=verify-full&port=6432',
    'postgres://u:p@db:/x',
    'postgres:///x?host=::1,db_1.internal.,bücher.example&port=1,,65535',
    'postgres://u:p@h/a%3Bb%26c',
  ])('accepts %s', (url) => {
    expect(databaseComplaint(url)).toBeUndefined();
  });

  it.each<[sentence: string, urls: string[]]>([
    [
      'must be memory:, pglite:PATH or a valid URL postgres://…',
      [
        ['mysql://u:hunter2@db/x', 'memory:x', 'postgres:', 'postgres://', 'postgres://u:hunter2@', 'postgres:/db/x'],
        [
          'postgres://u:hunter2@/',
          '/var/lib',
          'jdbc:postgresql://db/x',
          'postgresql+asyncpg://db/x',
          'postgres://db:x',
        ],
        ['postgres://[fe80::1%25eth0]/db', 'postgres://db:99999/x', 'postgres://a,b:99999/x', 'postgres://a,[::1/x'],
      ].flat(),
    ],
    [
      'must be memory:, pglite:PATH or a valid URL postgres://…',
      [
        [
          'postgres://u:p@db:0/x',
          'postgres://a,b:0/x',
          'postgres://db;x/y',
          'postgres://db\u200B/x',
          'postgres://.db/x',
        ],
        ['port=0', 'port=x', 'port=99999', 'host=a b', 'host=a:1', 'host=/run,a:1', 'host=a,b&port=1,0'].map(
          (query) => `postgres:///x?${query}`,
        ),
      ].flat(),
    ],
    [
      'must not name a pglite: directory that begins with ~, // or white space: no shell reads it, and it is no URL',
      ['pglite:~/db', 'pglite:~', 'pglite: ./db', 'pglite:\t/db', 'pglite://x/y', 'pglite:///var/lib/db'],
    ],
    [
      'must have its parameters behind a ?, separated by &',
      ['postgres://u:p@h/d;sslmode=require', 'postgres://u:p@h/d&sslmode=require'],
    ],
    [
      'must be a URL postgres://user:password@host/database, not a list of keywords',
      ['host=db dbname=x password=hunter2', "user = me password='hunter2'"],
    ],
    [
      'must name each of its hosts',
      ['postgres://u:p@a,,b/db', 'postgres://u:p@a,/db', 'postgres://u:p@/db?host=,b', 'postgres:///db?host=/a,,/b'],
    ],
    [
      'must have one port for each of its hosts, or one for all',
      ['postgres://a,b,c/db?port=1,2', 'postgres:///db?host=a,b&port=1,2,3'],
    ],
    ['must have the name of the database in its path, not as dbname', ['postgres://u:p@db?dbname=x']],
    ['must not have the parameter schema: DATABASE_SCHEMA names the schema', ['postgres://u:p@db/db?schema=x']],
    [
      'must not have a parameter twice',
      [
        'sslmode=verify-full&sslmode=disable',
        'sslmode=verify-full&%73slmode=no-verify',
        'target_session_attrs=any&target_session_attrs=read-only',
        'hunter2&hunter2',
        'application_name=a&application_name=a',
      ].map((query) => `postgres://u:p@db/x?${query}`),
    ],
    [
      'has a parameter that is not known; sslmode=verify-full is the most common one',
      [
        ['SSLMODE=disable', 'sslMode=disable', 'ssl_mode=disable', 'hunter2', 'sslmode=require&uselibpqcompat=true'],
        ['query_timeout=0', 'client_encoding=LATIN1', 'replication=database', 'connectionString=postgres://evil/x'],
        ['require_auth=scram-sha-256', 'constructor=x', '__proto__=x'],
      ]
        .flat()
        .map((query) => `postgres://u:p@db/x?${query}`),
    ],
    [
      'must have its host in one place, not as a parameter too',
      ['postgres://db/x?host=evil', 'postgres://db?host=/run', 'postgres://a,b/x?host=c', 'postgres://a/x?host=b,c'],
    ],
    [
      'must have its port in one place, not as a parameter too',
      ['postgres://db:1/x?port=2', 'postgres://[::1]:1?port=2', 'postgres://a,b:1/x?port=2'],
    ],
    ['must have its user in one place, not as a parameter too', ['postgres://u:p@db/x?user=hunter2']],
    ['must have its password in one place, not as a parameter too', ['postgres://u:p@db/x?password=hunter2']],
    [
      'must have sslmode alone, without ssl',
      ['ssl=false', 'ssl=0', 'sslmode=require&ssl=false', 'sslmode=disable&ssl=true'].map(
        (q) => `postgres://db/x?${q}`,
      ),
    ],
    ['must have as sslnegotiation one of postgres, direct', ['postgres://db/x?sslnegotiation=none']],
    [
      'contradicts itself: sslmode=disable makes no use of sslrootcert',
      ['postgres://db/x?sslmode=disable&sslrootcert=system'],
    ],
    [
      'contradicts itself: sslmode=disable makes no use of sslnegotiation',
      ['postgres://db/x?sslnegotiation=direct&sslmode=disable'],
    ],
    [
      'contradicts itself: sslmode=no-verify makes no use of sslrootcert',
      ['postgres://db/x?sslmode=no-verify&sslrootcert=/no/ca.pem'],
    ],
    [
      'must have as sslmode one of disable, no-verify, require, verify-ca, verify-full',
      ['postgres://db/x?sslmode=prefer', 'postgres://db/x?sslmode=allow', 'postgres://db/x?sslmode=REQUIRE'],
    ],
    [
      'must lead to a database that can be written to: target_session_attrs says otherwise',
      ['postgres://db/x?target_session_attrs=read-only', 'postgres://db/x?target_session_attrs=standby'],
    ],
    ['names a file as sslrootcert that cannot be read', ['postgres://db/x?sslmode=verify-full&sslrootcert=/no/ca.pem']],
    ['names a file as sslkey that cannot be read', ['postgres://db/x?sslkey=/no/key.pem']],
  ])('says that it %s', (sentence, urls) => {
    for (const url of urls) expect([url, databaseComplaint(url)]).toEqual([url, sentence]);
  });

  it('accepts a file of certificates that is there', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sallyport-url-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const file = join(directory, 'ca.pem');
    await writeFile(file, '');
    expect(databaseComplaint(`postgres://db/x?sslmode=verify-full&sslrootcert=${file}`)).toBeUndefined();
  });
});

describe('smtpComplaint', () => {
  it.each([
    'smtp://localhost',
    'SMTP://localhost:25/',
    'smtp://[::1]:25',
    'smtp://localhost?requireTLS=true',
    'smtp://mail_1.example.com.:25?localAddress=2001:db8::1&authMethod=cram-md5&name=[192.0.2.1]',
    'smtp://a?tls.minVersion=TLSv1.2&tls.maxVersion=TLSv1.3&tls.ciphers=HIGH:!aNULL',
    'smtp://localhost:465?secure=true&name=me.example&tls.rejectUnauthorized=false&tls.servername=mail.example',
  ])('accepts %s', (url) => {
    expect(smtpComplaint(url)).toBeUndefined();
  });

  it.each<[sentence: string, urls: string[]]>([
    [
      'must be a URL like smtp://user:password@mail.example.com:587',
      [
        ['https://hunter2@mail.example', 'smtp:', 'smtp://', 'smtp:mail.example', 'smtp:///', 'smtp://:25'],
        ['smtp://mail.example/inbox', 'mail.example:25', 'smtp://u:hunter2@', 'smtp://mail.example:99999'],
      ].flat(),
    ],
    [
      'must have a user name and a password, or neither',
      ['smtp://me@mail.example', 'smtp://me:@mail.example', 'smtp://:hunter2@mail.example', 'smtp://@mail.example'],
    ],
    [
      'has an option that is not known; requireTLS=true is the most common one',
      ['requireTls=true', 'pool=true', 'logger=true', 'socketTimeout=0', 'hunter2', 'tls.rejectUnauthorised=false'].map(
        (query) => `smtp://a?${query}`,
      ),
    ],
    [
      'must not have a parameter twice',
      ['requireTLS=true&requireTLS=false', 'name=a&name=b', 'hunter2&hunter2'].map((query) => `smtp://a?${query}`),
    ],
    [
      'contradicts itself: it asks for TLS and declines it',
      [
        ['smtp://a?requireTLS=true&ignoreTLS=true', 'smtp://a?ignoreTLS=true&secure=true'],
        ['smtps://a?ignoreTLS=true', 'smtps://a?secure=false'],
      ].flat(),
    ],
    ['must have true or false as requireTLS', ['smtp://a?requireTLS', 'smtp://a?requireTLS=yes']],
    [
      'must be a URL like smtp://user:password@mail.example.com:587',
      ['smtp://u:p@h,i', 'smtp://u:p@h;i', 'smtp://h:0', 'smtp://h:', 'smtp://h\u200B', 'smtp://,', 'smtp://[::g]'],
    ],
    [
      'must have an IP address as localAddress',
      ['x', '', '10.0.0.0/8', '127.1'].map((ip) => `smtp://a?localAddress=${ip}`),
    ],
    ['must have the name of a host as name', ['', 'a,b', 'a%0d%0aQUIT', 'a b'].map((name) => `smtp://a?name=${name}`)],
    [
      'must have the name of a host as tls.servername',
      ['', 'a b', '7'].map((name) => `smtp://a?tls.servername=${name}`),
    ],
    [
      'must have as authMethod one of PLAIN, LOGIN, CRAM-MD5',
      ['XOAUTH2', 'x', ''].map((one) => `smtp://a?authMethod=${one}`),
    ],
    [
      'must have as tls.minVersion one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3',
      ['foo', '', '1.2'].map((one) => `smtp://a?tls.minVersion=${one}`),
    ],
    ['must have as tls.maxVersion one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3', ['smtp://a?tls.maxVersion=TLSv1.4']],
    [
      'contradicts itself: tls.minVersion is above tls.maxVersion',
      ['smtp://a?tls.minVersion=TLSv1.3&tls.maxVersion=TLSv1.2'],
    ],
    ['must have as tls.ciphers a list that OpenSSL knows', ['smtp://a?tls.ciphers=foo', 'smtp://a?tls.ciphers=']],
  ])('says that it %s', (sentence, urls) => {
    for (const url of urls) expect([url, smtpComplaint(url)]).toEqual([url, sentence]);
  });
});

describe('redisComplaint', () => {
  it.each(['redis://[::1]', 'redis://:p@redis.internal', 'redis://redis.internal/', 'rediss://me:p@a:6380/3'])(
    'accepts %s',
    (url) => {
      expect(redisComplaint(url)).toBeUndefined();
    },
  );

  it.each([
    ['redis.example.com:6379', 'http://redis.example.com', 'redis://', 'redis:///0', 'redis://:hunter2@'],
    ['redis://redis.example.com/name', 'redis://redis.example.com:99999', 'redis://redis.example.com?db=3'],
    ['redis://redis.example.com?'],
    ['redis://a,b', 'redis://a:0', 'redis://a:', 'redis://a\u200B', 'redis://a;b/0'],
  ])('says of %s and others that it must be a URL', (...urls) => {
    for (const url of urls) {
      expect([url, redisComplaint(url)]).toEqual([
        url,
        'must be a URL like redis://user:password@redis.example.com:6379/0',
      ]);
    }
  });
});
