import { join } from 'node:path';
import { defaultPolicy } from '@sallyport/core';
import { describe, expect, it } from 'vitest';
import { type Config, ConfigError, readConfig, readMigrationConfig } from './config.ts';
import { Environment } from './environment.ts';
import { profile } from './profile.ts';

const { roles: _roles, eventTypes: _eventTypes, mails: _mails, ...decided } = defaultPolicy;
const policy = { ...decided, profile };
const brand = { name: undefined, color: '#2f5fc4', url: undefined };
const secret = 'thirty-two bytes of a secret key';
const postgres = 'postgres://sallyport:hunter2@db.internal:5432/sallyport';

/** What the start would say. */
function complaint(environment: Record<string, string>): string {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('The configuration was accepted');
}

describe('readConfig', () => {
  it('needs no variable at all', () => {
    expect(readConfig({})).toEqual({
      database: { kind: 'pglite', directory: join('data', 'database') },
      dataDirectory: './data',
      secretKey: undefined,
      previousSecretKey: undefined,
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      audience: undefined,
      policy,
      keyRotationInterval: 90 * 86_400,
      foreignHashes: [],
      smtpUrl: undefined,
      mailFrom: 'Sallyport <sallyport@localhost>',
      redisUrl: undefined,
      bootstrapAdmin: undefined,
      trustedProxies: [],
      keepAlive: 75,
      brand,
      corsOrigins: [],
      logLevel: 'info',
      passwordHashes: { memoryCost: 19_456, timeCost: 2 },
      threadPoolSize: undefined,
    } satisfies Config);
  });

  it('reads the formats of foreign hashes, with their bounds', () => {
    const { foreignHashes } = readConfig({ FOREIGN_HASHES: ' bcrypt:13, pbkdf2 ,' });
    expect(foreignHashes.map(({ name }) => name)).toEqual(['bcrypt', 'pbkdf2']);
    const ofCost = (cost: number) => `$2b$${cost}$Z17AXnnlpzddNUvnC6cZNOSwMA/8oNiKnHTHTwLlBijfucQQlHjaG`;
    expect(foreignHashes[0]?.read(ofCost(13))).toHaveProperty('check');
    expect(foreignHashes[0]?.read(ofCost(14))).toHaveProperty('refusal');
  });

  it('takes a variable that is empty, or blank, for one that is absent', () => {
    const names = Object.keys(Environment.entries);
    for (const blank of ['', '  ', '\t\n']) {
      expect(readConfig(Object.fromEntries(names.map((name) => [name, blank])))).toEqual(readConfig({}));
    }
  });

  it('has metrics on the address of the server, unless they have one of their own', () => {
    expect(readConfig({ HOST: '0.0.0.0', METRICS_PORT: '9090' }).metrics).toEqual({ port: 9090, host: '0.0.0.0' });
    const own = readConfig({ HOST: '0.0.0.0', METRICS_HOST: '::1', METRICS_PORT: '3000' });
    expect(own.metrics).toEqual({ port: 3000, host: '::1' });
    expect(complaint({ METRICS_PORT: '3000' })).toBe('METRICS_PORT must differ from PORT');
    expect(readConfig({ PORT: '0', METRICS_PORT: '0' })).toMatchObject({ port: 0, metrics: { port: 0 } });
  });

  it.each(['METRICS_PORT', 'PORT'])('says where a %s comes from that Kubernetes sets for a service', (name) => {
    expect(complaint({ [name]: 'tcp://10.0.0.1:9090' })).toBe(
      `${name} must be a whole number from 0 to 65535: this value comes from Kubernetes, for a service of that name. ` +
        'Set the variable in the pod, or enableServiceLinks to false',
    );
  });

  it('passes over variables that are not its own', () => {
    expect(readConfig({ PATH: '/usr/bin', PORTS: '1' })).toEqual(readConfig({}));
  });

  it.each<[name: string, value: string, expected: Partial<Config>]>([
    ['DATABASE_URL', 'memory:', { database: { kind: 'memory' } }],
    ['DATABASE_URL', 'pglite:', { database: { kind: 'pglite', directory: join('data', 'database') } }],
    ['DATABASE_URL', 'pglite:/var/lib/sallyport', { database: { kind: 'pglite', directory: '/var/lib/sallyport' } }],
    [
      'DATABASE_SCHEMA',
      ' Auth-2 "x" ',
      { database: { kind: 'pglite', directory: join('data', 'database'), schema: 'Auth-2 "x"' } },
    ],
    ['DATABASE_URL', ' pglite:with space ', { database: { kind: 'pglite', directory: 'with space' } }],
    ['DATA_DIR', '/srv', { dataDirectory: '/srv', database: { kind: 'pglite', directory: join('/srv', 'database') } }],
    ['SECRET_KEY', secret, { secretKey: secret }],
    ['SECRET_KEY', 'ü'.repeat(16), { secretKey: 'ü'.repeat(16) }],
    ['SECRET_KEY', ` ${secret}\r\n`, { secretKey: secret }],
    ['SECRET_KEY_PREVIOUS', `${secret}\n`, { previousSecretKey: secret }],
    ['PORT', '8080', { port: 8080, publicUrl: 'http://localhost:8080' }],
    ['METRICS_PORT', '9090', { metrics: { port: 9090, host: '127.0.0.1' } }],
    ['METRICS_PORT', '0', { metrics: { port: 0, host: '127.0.0.1' } }],
    ['METRICS_HOST', '10.0.0.1', { metrics: undefined }],
    ['PORT', '0', { port: 0, publicUrl: 'http://localhost:0' }],
    ['HOST', ' 0.0.0.0 ', { host: '0.0.0.0' }],
    ['HOST', '::1', { host: '::1' }],
    ['PUBLIC_URL', 'https://accounts.example.com', { publicUrl: 'https://accounts.example.com' }],
    ['PUBLIC_URL', 'https://example.com/accounts//', { publicUrl: 'https://example.com/accounts' }],
    ['PUBLIC_URL', 'HTTPS://Example.COM/Accounts', { publicUrl: 'https://example.com/Accounts' }],
    ['PUBLIC_URL', 'http://[::1]:8080/@ada', { publicUrl: 'http://[::1]:8080/@ada' }],
    ['JWT_AUDIENCE', ' https://api.example.com ', { audience: 'https://api.example.com' }],
    ['JWT_AUDIENCE', 'orders', { audience: 'orders' }],
    ['ACCESS_TOKEN_EXPIRE_MINUTES', '5', { policy: { ...policy, accessTokenLifetime: 300 } }],
    ['SECRET_KEY_PREVIOUS', secret, { previousSecretKey: secret }],
    ['REFRESH_TOKEN_EXPIRE_DAYS', '7', { policy: { ...policy, refreshTokenLifetime: 604_800 } }],
    ['PASSWORD_RESET_EXPIRE_MINUTES', '5', { policy: { ...policy, passwordResetLifetime: 300 } }],
    ['EMAIL_VERIFY_EXPIRE_HOURS', '1', { policy: { ...policy, emailVerificationLifetime: 3_600 } }],
    ['INVITATION_EXPIRE_DAYS', '1', { policy: { ...policy, invitationLifetime: 86_400 } }],
    ['REGISTRATION', 'invited', { policy: { ...policy, registration: 'invited' } }],
    ['EMAIL_VERIFICATION', 'required', { policy: { ...policy, emailVerification: 'required' } }],
    ['AUDIT_RETENTION_DAYS', '1', { policy: { ...policy, auditRetention: 86_400 } }],
    ['KEY_ROTATION_DAYS', '1', { keyRotationInterval: 86_400 }],
    ['SMTP_URL', 'smtps://me:pass@mail.example:465', { smtpUrl: 'smtps://me:pass@mail.example:465' }],
    ['SMTP_URL', 'smtp://localhost?requireTLS=true', { smtpUrl: 'smtp://localhost?requireTLS=true' }],
    ['MAIL_FROM', 'Accounts <hello@example.com>', { mailFrom: 'Accounts <hello@example.com>' }],
    ['REDIS_URL', ' rediss://me:p%40ss@redis.example:6380/3 ', { redisUrl: 'rediss://me:p%40ss@redis.example:6380/3' }],
    ['REDIS_URL', 'redis://[::1]', { redisUrl: 'redis://[::1]' }],
    ['SESSION_MAX_DAYS', '1', { policy: { ...policy, sessionLifetime: 86_400 } }],
    ['TRUST_PROXY', '10.0.0.1', { trustedProxies: ['10.0.0.1'] }],
    ['TRUST_PROXY', ' 10.0.0.0/8, ::1/128 ,', { trustedProxies: ['10.0.0.0/8', '::1/128'] }],
    [
      'CORS_ORIGINS',
      'https://a.example, http://localhost:5173',
      { corsOrigins: ['https://a.example', 'http://localhost:5173'] },
    ],
    ['CORS_ORIGINS', 'capacitor://localhost', { corsOrigins: ['capacitor://localhost'] }],
    ['BRAND_NAME', ' Analytical Engines ', { brand: { ...brand, name: 'Analytical Engines' } }],
    ['BRAND_COLOR', '#35C', { brand: { ...brand, color: '#35C' } }],
    ['BRAND_URL', 'https://app.example/#/login', { brand: { ...brand, url: 'https://app.example/#/login' } }],
    ['KEEP_ALIVE_SECONDS', '620', { keepAlive: 620 }],
    ['USER_DIRECTORY', 'admins', { policy: { ...policy, userDirectory: 'admins' } }],
    ['LOG_LEVEL', 'silent', { logLevel: 'silent' }],
    ['UV_THREADPOOL_SIZE', '10', { threadPoolSize: 10 }],
  ])('reads %s=%s', (name, value, expected) => {
    expect(readConfig({ [name]: value })).toEqual({ ...readConfig({}), ...expected });
  });

  it.each<[name: string, sentence: string, values: string[]]>([
    [
      'JWT_AUDIENCE',
      'must be a name or a URI of at most 255 printable ASCII characters, without white space',
      ['two words', 'a,\tb', 'https://', ':orders', 'müller', 'a'.repeat(256)],
    ],
    [
      'DATABASE_URL',
      'must be memory:, pglite:PATH or a valid URL postgres://…',
      ['mysql://u:hunter2@db/x', 'memory:x', 'postgres:', 'postgres://', '/var/lib'],
    ],
    ['DATA_DIR', 'must not begin with ~, which only a shell replaces', ['~/data', '~']],
    ['SECRET_KEY', 'must be at least 32 bytes long', ['hunter2', 'x'.repeat(31), `${'x'.repeat(31)}\n`]],
    ['PORT', 'must be a whole number from 0 to 65535', ['65536', '-1', '80.5', '0x50', '1e3', 'http']],
    [
      'PUBLIC_URL',
      'must be a URL like https://accounts.example.com, without credentials, query or fragment',
      [
        'accounts.example.com',
        'ftp://a.example',
        'https://a.example\u200B',
        'https://a.example/x\u200B',
        'https://a.example:',
        'https://,',
        'https://a,b',
        'https://a..b',
        'https://a.example/?q=1',
        'https://a.example/#f',
        'https://a.example/?',
        'https://a.example/#',
        'https://me@a.example',
        'https://:hunter2@a.example',
        'https://@a.example',
        'https:a.example',
        'https:/a.example',
        'https:///a.example',
        'https://a.example/two words',
        'https://a.exa mple',
        'https://a.exa\tmple',
        'https://a.example\\accounts',
        'https://a.example:port',
      ],
    ],
    ['ACCESS_TOKEN_EXPIRE_MINUTES', 'must be a whole number from 1 to 1440', ['0', '1441', '-5', '1.5', 'soon']],
    ['SECRET_KEY_PREVIOUS', 'must be at least 32 bytes long', ['x'.repeat(31)]],
    ['KEY_ROTATION_DAYS', 'must be a whole number from 1 to 3650', ['0']],
    [
      'FOREIGN_HASHES',
      'must list formats, by commas: bcrypt, argon2, scrypt, pbkdf2, firebase-scrypt, phpass, sha-crypt; each may name its highest cost, as in bcrypt:13',
      ['md5', 'bcrypt:', 'bcrypt:31', 'bcrypt:12:13', 'bcrypt argon2', 'constructor', 'BCRYPT'],
    ],
    ['KEEP_ALIVE_SECONDS', 'must be a whole number from 1 to 3600', ['0', '3601', '75s', 'never']],
    ['EMAIL_VERIFY_EXPIRE_HOURS', 'must be a whole number from 1 to 744', ['745']],
    [
      'SMTP_URL',
      'must be a URL like smtp://user:password@mail.example.com:587',
      ['https://hunter2@mail.example', 'smtp:', 'smtp://', 'smtp:mail.example', 'smtp:///', 'smtp://:25'],
    ],
    [
      'MAIL_FROM',
      'must be one address, or a name and one: Accounts <accounts@example.com>',
      ['not an address', 'Sallyport', 'a@b, c@d'],
    ],
    [
      'REDIS_URL',
      'must be a URL like redis://user:password@redis.example.com:6379/0',
      [
        'redis.example.com:6379',
        'http://redis.example.com',
        'redis://',
        'redis:///0',
        'redis://:hunter2@',
        'redis://redis.example.com/name',
        'redis://redis.example.com:99999',
        'redis://redis.example.com?db=3',
      ],
    ],
    ['BRAND_NAME', 'must be one line of at most 50 characters', ['x'.repeat(51), 'two\nlines', 'to\u202eward']],
    ['BRAND_COLOR', 'must be a colour like #3355cc', ['blue', '#33', '#3355cg', '3355cc', 'rgb(1 2 3)', '#3355cc;']],
    [
      'BRAND_URL',
      'must be a URL like https://app.example.com, of http or https and without credentials',
      ['app.example', 'javascript:alert(1)', 'https://me@app.example', 'https://', 'https://a b', 'data:text/html,x'],
    ],
    ['SESSION_MAX_DAYS', 'must be a whole number from 1 to 3650', ['0', '3651', 'never']],
    ['USER_DIRECTORY', 'must be one of members, admins', ['everyone', 'Members']],
    ['LOG_LEVEL', 'must be one of fatal, error, warn, info, debug, trace, silent', ['verbose', 'INFO']],
  ])('says of a bad %s that it %s, and keeps the value to itself', (name, sentence, values) => {
    for (const value of values) expect([value, complaint({ [name]: value })]).toEqual([value, `${name} ${sentence}`]);
  });

  it('rejects a password that is not percent-encoded in any of its URLs', () => {
    for (const [name, scheme] of Object.entries({ DATABASE_URL: 'postgres', REDIS_URL: 'redis', SMTP_URL: 'smtp' })) {
      const sentence =
        'must percent-encode : / ? # @ % and spaces in its user name and password, for example a # as %23';
      expect(complaint({ [name]: `${scheme}://me:25#hunter2@host` })).toBe(`${name} ${sentence}`);
    }
  });

  it('says what is wrong with every variable at once', () => {
    expect(complaint({ PORT: 'x', LOG_LEVEL: 'x' }).split('\n')).toEqual([
      expect.stringMatching(/^PORT must /),
      expect.stringMatching(/^LOG_LEVEL must /),
    ]);
  });

  it('refuses values that are not in UTF-8, without repeating them', () => {
    // Node replaces what is not valid, so random bytes would all become the same text.
    const secretKey = 'hunter2\uFFFD'.repeat(5);
    expect(complaint({ SECRET_KEY: secretKey, BOOTSTRAP_ADMIN_PASSWORD: '\uFFFD'.repeat(12), PORT: 'x' })).toBe(
      [
        'SECRET_KEY is not in UTF-8',
        'BOOTSTRAP_ADMIN_PASSWORD is not in UTF-8',
        'PORT must be a whole number from 0 to 65535',
      ].join('\n'),
    );
    expect(readConfig({ OTHER: '\uFFFD' })).toEqual(readConfig({}));
  });

  it('wants a SECRET_KEY on Postgres, and only there', () => {
    expect(complaint({ DATABASE_URL: postgres })).toBe(
      'SECRET_KEY must be given where DATABASE_URL is a Postgres: all nodes share it',
    );
    for (const url of [postgres, postgres.replace('postgres:', 'postgresql:')]) {
      expect(readConfig({ DATABASE_URL: url, SECRET_KEY: secret }).database).toEqual({
        kind: 'postgres',
        url,
        pooler: 'auto',
      });
    }
  });

  it('wants both halves of the first admin or none', () => {
    const sentence = 'BOOTSTRAP_ADMIN_EMAIL and BOOTSTRAP_ADMIN_PASSWORD must be given together';
    const [email, password] = ['root@example.com', 'hunter2 hunter2'];
    expect(complaint({ BOOTSTRAP_ADMIN_EMAIL: email })).toBe(sentence);
    expect(complaint({ BOOTSTRAP_ADMIN_PASSWORD: password })).toBe(sentence);
    expect(complaint({ BOOTSTRAP_ADMIN_EMAIL: email, BOOTSTRAP_ADMIN_PASSWORD: ' ' })).toBe(sentence);
    const both = { BOOTSTRAP_ADMIN_EMAIL: email, BOOTSTRAP_ADMIN_PASSWORD: password };
    expect(readConfig(both).bootstrapAdmin).toEqual({ email, password });
  });
});

describe('readMigrationConfig', () => {
  it('reads the variables of the database, and needs no secret on Postgres', () => {
    expect(readMigrationConfig({ DATABASE_URL: postgres, DATABASE_SCHEMA: 'accounts', PORT: 'none' })).toEqual({
      database: { kind: 'postgres', url: postgres, schema: 'accounts', pooler: 'auto' },
      logLevel: 'info',
    });
  });

  it.each(['pg_accounts', 'PG_accounts', 'information_schema', 'x'.repeat(64), 'ä'.repeat(32)])(
    'rejects the schema %s',
    (schema) => {
      expect(() => readMigrationConfig({ DATABASE_SCHEMA: schema })).toThrow(
        'DATABASE_SCHEMA must be a name of at most 63 bytes, not information_schema, and not begin with pg_',
      );
    },
  );
});
