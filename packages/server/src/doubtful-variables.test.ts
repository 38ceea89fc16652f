import { describe, expect, it } from 'vitest';
import { Environment } from './environment.ts';
import { doubtfulVariables } from './doubtful-variables.ts';

const names = Object.keys(Environment.entries);
const of = (...variables: string[]) => Object.fromEntries(variables.map((name) => [name, 'hunter2']));

describe('doubtfulVariables', () => {
  it.each([
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['CORS_ALLOWED_ORIGINS', 'CORS_ORIGINS'],
    ['cors_origins', 'CORS_ORIGINS'],
    ['Port', 'PORT'],
    ['SALLYPORT_PORT', 'PORT'],
    ['sallyport.public-url', 'PUBLIC_URL'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['DATABASE_URL_FILE', 'DATABASE_URL'],
    ['SECRET_KEY_FILE', 'SECRET_KEY'],
    ['SECRETKEY', 'SECRET_KEY'],
    ['DATADIR', 'DATA_DIR'],
    ['TRUST_PROXIES', 'TRUST_PROXY'],
    ['TRUSTED_PROXIES', 'TRUST_PROXY'],
    ['SMTP_HOST', 'SMTP_URL'],
    ['SMTP_URI', 'SMTP_URL'],
    ['ARGON2_MEMORY', 'ARGON2_MEMORY_KIB'],
    ['ARGON2_PASS', 'ARGON2_PASSES'],
    ['SMTP_PASSWORD', 'SMTP_URL'],
    ['MAIL_FORM', 'MAIL_FROM'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['LOG_LEVLE', 'LOG_LEVEL'],
    ['RATE_LIMIT', 'RATE_LIMITS'],
    ['TLS_KEY_FILE', 'TLS_KEY'],
    ['TLS_CERTS', 'TLS_CERT'],
    ['REFRESH_TOKEN_EXPIRE_MINUTES', 'REFRESH_TOKEN_EXPIRE_DAYS'],
    ['BOOTSTRAP_ADMIN_PASSWD', 'BOOTSTRAP_ADMIN_PASSWORD'],
  ])('finds %s, which is probably %s, in the environment and in the file', (variable, meant) => {
    const doubtful = [{ variable, reason: `is not a variable of Sallyport, and is ignored: ${meant} is one` }];
    expect(doubtfulVariables(of(variable), {})).toEqual(doubtful);
    expect(doubtfulVariables({}, of(variable))).toEqual(doubtful);
  });

  it.each([
    ['JWT_SECRET', 'SECRET_KEY'],
    ['jwt_secret_key', 'SECRET_KEY'],
    ['DB_URL', 'DATABASE_URL'],
    ['APP_URL', 'PUBLIC_URL'],
    ['ALLOWED_ORIGINS', 'CORS_ORIGINS'],
    ['ADMIN_PASSWORD', 'BOOTSTRAP_ADMIN_PASSWORD'],
  ])('finds %s, which other programs have too, in the file alone: it is probably %s', (variable, meant) => {
    const reason = `is not a variable of Sallyport, and is ignored: ${meant} is one`;
    expect(doubtfulVariables({}, of(variable))).toEqual([{ variable, reason }]);
    expect(doubtfulVariables(of(variable), {})).toEqual([]);
  });

  it('passes over our own variables, and those of the machine and of other programs', () => {
    const foreign =
      'PATH HOME USER SHELL TERM LANG LC_ALL TZ PWD HOSTNAME LOGNAME MAIL EDITOR TMPDIR SSH_AUTH_SOCK HTTP_PROXY no_proxy ' +
      'NODE_ENV NODE_OPTIONS NODE_PATH UV_THREADPOOL_SIZE npm_config_port npm_package_name npm_lifecycle_event CI DEBUG ' +
      'PGHOST PGPORT PGDATABASE PGPASSWORD PGSSLMODE PGDATA POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB REDIS_HOST ' +
      'REDIS_PORT REDIS_PASSWORD KUBERNETES_PORT KUBERNETES_SERVICE_HOST DYNO PORTS POST HOSTS COST PORTAL GHOST ' +
      'DATABASE_HOST DATABASE_NAME DATABASE_PASSWORD SECRET_KEY_BASE JWT_SECRET DATA_PATH XDG_DATA_DIRS XDG_DATA_HOME ' +
      'SESSION_MANAGER MEMORY_LIMIT PUBLIC_KEY SSL_CERT_FILE SSL_CERT_DIR AWS_SECRET_ACCESS_KEY AUDIT_LOG COMPOSE_FILE ' +
      'INVOCATION_ID JOURNAL_STREAM SYSTEMD_EXEC_PID WEBSITE_HOSTNAME RENDER_EXTERNAL_URL VERCEL_URL USERPROFILE';
    expect(doubtfulVariables(of(...names, ...foreign.split(' ')), {})).toEqual([]);
  });

  it('passes over what Kubernetes sets for services that are named as our variables begin', () => {
    const links = ['smtp', 'sallyport', 'cors'].flatMap((service) =>
      ['SERVICE_HOST', 'SERVICE_PORT', 'SERVICE_PORT_SMTP', 'PORT', 'PORT_25_TCP', 'PORT_25_TCP_ADDR'].map(
        (suffix) => `${service.toUpperCase()}_${suffix}`,
      ),
    );
    expect(doubtfulVariables(of(...links), {})).toEqual([]);
  });

  it('finds quotes that docker --env-file keeps, and none that a settings file keeps on purpose', () => {
    for (const quote of ['"', "'", '`']) {
      const quoted = { SECRET_KEY: `${quote}hunter2${quote}`, OTHER: '"x"', LOG_LEVEL: `${quote}info` };
      expect(doubtfulVariables(quoted, {})).toEqual([
        {
          variable: 'SECRET_KEY',
          reason: 'has quotes that are part of its value: docker --env-file, for one, keeps them',
        },
      ]);
      expect(doubtfulVariables({}, quoted)).toEqual([]);
    }
  });

  it('finds variables that Node has read before the file', () => {
    const late = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'UV_THREADPOOL_SIZE'];
    const reason = 'has no effect in .env: Node reads it before, so set it in the environment';
    expect(doubtfulVariables({}, of(...late, 'NODE_ENV'))).toEqual(late.map((variable) => ({ variable, reason })));
    expect(doubtfulVariables(of(...late), {})).toEqual([]);
  });

  it('finds proxies that are all addresses', () => {
    const reason = 'trusts every address as a proxy, so that a client can choose the address it has';
    const mapped = ['::ffff:0:0/96', '::ffff:10.0.0.0/96', '::/1', '::ffff:0:0/8'];
    const parts = ['128.0.0.0/1, 0.0.0.0/1', '::/1,8000::/1', '10.0.0.0/1,64.0.0.0/2,128.0.0.0/1', '2000::/3'];
    for (const all of ['0.0.0.0/0', '10.0.0.1, ::/0', '10.0.0.0/00', ...mapped, ...parts]) {
      expect(doubtfulVariables({ TRUST_PROXY: all }, {})).toEqual([{ variable: 'TRUST_PROXY', reason }]);
    }
    for (const some of ['10.0.0.0/8, ::1', '0.0.0.0/1, 128.0.0.0/2', '::ffff:10.0.0.0/104', 'x/0', '8000::/1']) {
      expect(doubtfulVariables({ TRUST_PROXY: some }, {})).toEqual([]);
    }
  });

  it.each(['', ' \t'])('examines the value of the file where the environment has %j', (empty) => {
    const found = doubtfulVariables({ TRUST_PROXY: empty, CORS_ORIGIN: empty }, { TRUST_PROXY: '::/0' });
    expect(found).toEqual([{ variable: 'TRUST_PROXY', reason: expect.stringContaining('every address') }]);
  });
});
