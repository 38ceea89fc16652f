import { join } from 'node:path';
import type { Argon2Cost } from '@sallyport/adapters-crypto/argon2-cost';
import type { ForeignHashFormat } from '@sallyport/adapters-crypto/foreign-hashes';
import type { Pooler } from '@sallyport/adapters-postgres';
import { defaultLimits, type Limits, type PolicyOptions, type Quota } from '@sallyport/core';
import * as v from 'valibot';
import type { Brand } from '@sallyport/http-api';
import { Environment, secondsPerDay, secondsPerHour, secondsPerMinute } from './environment.ts';
import { givenVariables } from './given-variables.ts';
import { profile } from './profile.ts';
import { isGarbled } from './utf8.ts';

const databaseVariables = ['DATABASE_URL', 'DATABASE_SCHEMA', 'POSTGRES_POOLER', 'DATA_DIR'] as const;

/** The kind of store, and its location. */
export type DatabaseConfig = { readonly kind: 'memory' } | SqlConfig;

/** The SQL database, and the schema of the tables if one is named. */
export type SqlConfig = { readonly schema?: string | undefined } & (
  | { readonly kind: 'pglite'; readonly directory: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly pooler: Pooler }
);

/** The configuration that migrations need. */
export type MigrationConfig = Pick<Config, 'database' | 'logLevel'>;

/** The files of the certificate and of its private key. */
export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The configuration of the server, checked and complete. */
export interface Config {
  readonly database: DatabaseConfig;
  readonly dataDirectory: string;
  /** Absent if a secret is to be generated. */
  readonly secretKey?: string | undefined;
  readonly previousSecretKey?: string | undefined;
  readonly port: number;
  readonly host: string;
  /** Where Prometheus scrapes; absent if nothing is measured. */
  readonly metrics?: { readonly port: number; readonly host: string } | undefined;
  /** Absent if the server uses plain HTTP. */
  readonly tls?: TlsConfig | undefined;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** The `aud` of access tokens; `publicUrl` if absent. */
  readonly audience?: string | undefined;
  readonly policy: PolicyOptions;
  /** Seconds for which a signing key signs. */
  readonly keyRotationInterval: number;
  /** Formats of password hashes from other systems that are verified too. */
  readonly foreignHashes: readonly ForeignHashFormat[];
  /** The mail server; absent if mails are written to files. */
  readonly smtpUrl?: string | undefined;
  readonly mailFrom: string;
  /** The Redis that counts for limits; absent if the database counts. */
  readonly redisUrl?: string | undefined;
  readonly bootstrapAdmin?: { readonly email: string; readonly password: string } | undefined;
  readonly trustedProxies: readonly string[];
  /** Seconds for which an idle connection is kept. */
  readonly keepAlive: number;
  readonly brand: Brand;
  readonly corsOrigins: readonly string[];
  readonly logLevel: string;
  /** What a password hash costs. */
  readonly passwordHashes: Argon2Cost;
  /** Threads of libuv's pool. Hashes may use all but two of them. */
  readonly threadPoolSize?: number | undefined;
}

/** The problems of the environment, in one sentence per variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Given = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError */
export function readConfig(environment: Given): Config {
  const variables = parse(Environment, environment);
  const database = databaseConfig(variables);
  if (database.kind === 'postgres' && variables.SECRET_KEY === undefined) {
    throw new ConfigError('SECRET_KEY must be given where DATABASE_URL is a Postgres: all nodes share it');
  }
  const tls = tlsConfig(variables.TLS_CERT, variables.TLS_KEY);
  return {
    database,
    dataDirectory: variables.DATA_DIR,
    secretKey: variables.SECRET_KEY,
    previousSecretKey: variables.SECRET_KEY_PREVIOUS,
    port: variables.PORT,
    host: variables.HOST,
    metrics: metricsConfig(variables),
    tls,
    publicUrl: variables.PUBLIC_URL ?? `${tls ? 'https' : 'http'}://localhost:${variables.PORT}`,
    audience: variables.JWT_AUDIENCE,
    policy: {
      accessTokenLifetime: variables.ACCESS_TOKEN_EXPIRE_MINUTES * secondsPerMinute,
      refreshTokenLifetime: variables.REFRESH_TOKEN_EXPIRE_DAYS * secondsPerDay,
      sessionLifetime: variables.SESSION_MAX_DAYS * secondsPerDay,
      passwordResetLifetime: variables.PASSWORD_RESET_EXPIRE_MINUTES * secondsPerMinute,
      emailVerificationLifetime: variables.EMAIL_VERIFY_EXPIRE_HOURS * secondsPerHour,
      invitationLifetime: variables.INVITATION_EXPIRE_DAYS * secondsPerDay,
      registration: variables.REGISTRATION,
      emailVerification: variables.EMAIL_VERIFICATION,
      profile,
      auditRetention: variables.AUDIT_RETENTION_DAYS * secondsPerDay,
      userDirectory: variables.USER_DIRECTORY,
      limits: variables.RATE_LIMITS === 'off' ? 'off' : limitsWith(variables.LOGIN_RATE_LIMIT),
    },
    keyRotationInterval: variables.KEY_ROTATION_DAYS * secondsPerDay,
    foreignHashes: variables.FOREIGN_HASHES,
    smtpUrl: variables.SMTP_URL,
    mailFrom: variables.MAIL_FROM,
    redisUrl: variables.REDIS_URL,
    bootstrapAdmin: bootstrapAdmin(variables.BOOTSTRAP_ADMIN_EMAIL, variables.BOOTSTRAP_ADMIN_PASSWORD),
    trustedProxies: variables.TRUST_PROXY,
    keepAlive: variables.KEEP_ALIVE_SECONDS,
    brand: { name: variables.BRAND_NAME, color: variables.BRAND_COLOR, url: variables.BRAND_URL },
    corsOrigins: variables.CORS_ORIGINS,
    logLevel: variables.LOG_LEVEL,
    passwordHashes: { memoryCost: variables.ARGON2_MEMORY_KIB, timeCost: variables.ARGON2_PASSES },
    // A variable of Node, which the launcher sets.
    threadPoolSize: Number(environment['UV_THREADPOOL_SIZE']) || undefined,
  };
}

/**
 * Reads the configuration that migrations need: no secret, even on Postgres.
 *
 * @throws ConfigError
 */
export function readMigrationConfig(environment: Given): MigrationConfig {
  const needed = v.pick(Environment, [...databaseVariables, 'LOG_LEVEL']);
  const variables = parse(needed, environment);
  return { database: databaseConfig(variables), logLevel: variables.LOG_LEVEL };
}

function parse<Output>(
  schema: v.GenericSchema<unknown, Output> & { readonly entries: object },
  environment: Given,
): Output {
  const given = givenVariables(environment);
  const garbled = Object.keys(schema.entries).filter((name) => isGarbled(given[name] ?? ''));
  const result = v.safeParse(schema, given);
  if (result.success && garbled.length === 0) return result.output;
  const invalid = (result.issues ?? []).map((issue) => [v.getDotPath(issue) ?? '', issue.message] as const);
  const sentences = [
    ...garbled.map((name) => `${name} is not in UTF-8`),
    ...invalid.filter(([name]) => !garbled.includes(name)).map(([name, message]) => `${name} ${message}`),
  ];
  throw new ConfigError(sentences.join('\n'));
}

function limitsWith(login: Quota): Limits {
  return { ...defaultLimits, login: { ...defaultLimits.login, byAccountAndAddress: login } };
}

function databaseConfig(
  variables: Pick<v.InferOutput<typeof Environment>, (typeof databaseVariables)[number]>,
): DatabaseConfig {
  const { DATABASE_URL: url, DATABASE_SCHEMA: schema, POSTGRES_POOLER: pooler, DATA_DIR: dataDirectory } = variables;
  const [, scheme, rest = ''] = /^(\w+):(.*)$/s.exec(url ?? 'pglite:') ?? [];
  if (scheme === 'memory') return { kind: 'memory' };
  if (scheme === 'pglite') return { kind: 'pglite', directory: rest || join(dataDirectory, 'database'), schema };
  return { kind: 'postgres', url: url ?? '', schema, pooler };
}

function metricsConfig(variables: v.InferOutput<typeof Environment>): Config['metrics'] {
  const { PORT, HOST, METRICS_PORT: port, METRICS_HOST: host = HOST } = variables;
  if (port === undefined) return undefined;
  if (port === PORT && port > 0 && host === HOST) throw new ConfigError('METRICS_PORT must differ from PORT');
  return { port, host };
}

function bootstrapAdmin(email: string | undefined, password: string | undefined): Config['bootstrapAdmin'] {
  if (email === undefined && password === undefined) return undefined;
  if (email === undefined || password === undefined) {
    throw new ConfigError('BOOTSTRAP_ADMIN_EMAIL and BOOTSTRAP_ADMIN_PASSWORD must be given together');
  }
  return { email, password };
}

function tlsConfig(certFile: string | undefined, keyFile: string | undefined): TlsConfig | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined) {
    throw new ConfigError('TLS_CERT and TLS_KEY must be given together');
  }
  return { certFile, keyFile };
}
