import { foreignHashFormats } from '@sallyport/adapters-crypto/foreign-hashes';
import { defaultPolicy } from '@sallyport/core';
import { defaultTimeouts } from '@sallyport/hardened-server';
import * as v from 'valibot';
import {
  addressRanges,
  audience,
  brandColor,
  brandName,
  brandUrl,
  databaseUrl,
  days,
  directory,
  foreignHashes,
  hashMemory,
  hashPasses,
  hours,
  mailbox,
  minutes,
  oneOf,
  optionalPort,
  optionalText,
  origins,
  port,
  publicUrl,
  quota,
  redisUrl,
  schemaName,
  seconds,
  secret,
  smtpUrl,
  text,
} from './variables.ts';

export const secondsPerMinute = 60;
export const secondsPerHour = 60 * secondsPerMinute;
export const secondsPerDay = 24 * secondsPerHour;

/** Every variable. Its description is its line in `.env.example`, where its default is too. */
export const Environment = v.object({
  DATABASE_URL: databaseUrl('memory: | pglite:PATH | postgres://… (default: pglite: in DATA_DIR)'),
  DATABASE_SCHEMA: schemaName(
    "schema of the tables (default: public if the prototype's tables are there, else sallyport)",
  ),
  POSTGRES_POOLER: oneOf(['auto', 'none', 'transaction'], 'auto', 'pooler in front of Postgres, if not found out'),
  DATA_DIR: directory('./data', 'where the embedded database, the generated secret and the outbox of mails are kept'),
  SECRET_KEY: secret('at least 32 bytes; must be given on Postgres, is else generated and kept in DATA_DIR'),
  SECRET_KEY_PREVIOUS: secret('previous or next secret, still accepted for reading, so that the secret can be changed'),
  PORT: port('3000', 'port to listen on'),
  HOST: text('127.0.0.1', 'address to listen on'),
  METRICS_PORT: optionalPort('port for Prometheus, at /metrics (default: none, and nothing is measured)'),
  METRICS_HOST: optionalText('address for Prometheus to scrape (default: HOST)'),
  PUBLIC_URL: publicUrl(
    'what clients call this server: issuer of tokens, links in mails (default: localhost:PORT, by https with TLS_CERT)',
  ),
  JWT_AUDIENCE: audience('aud of access tokens, which other services check (default: PUBLIC_URL)'),
  ACCESS_TOKEN_EXPIRE_MINUTES: minutes(
    defaultPolicy.accessTokenLifetime / secondsPerMinute,
    'lifetime of an access token',
  ),
  REFRESH_TOKEN_EXPIRE_DAYS: days(
    defaultPolicy.refreshTokenLifetime / secondsPerDay,
    'lifetime of an unused refresh token',
  ),
  SESSION_MAX_DAYS: days(defaultPolicy.sessionLifetime / secondsPerDay, 'maximum session length, even if active'),
  PASSWORD_RESET_EXPIRE_MINUTES: minutes(
    defaultPolicy.passwordResetLifetime / secondsPerMinute,
    'lifetime of a link to a new password',
  ),
  EMAIL_VERIFY_EXPIRE_HOURS: hours(
    defaultPolicy.emailVerificationLifetime / secondsPerHour,
    'lifetime of a link that confirms an address',
  ),
  INVITATION_EXPIRE_DAYS: days(
    defaultPolicy.invitationLifetime / secondsPerDay,
    'lifetime of the link in an invitation',
  ),
  REGISTRATION: oneOf(
    ['open', 'invited', 'closed'],
    defaultPolicy.registration,
    'who may create accounts: anyone, admins alone by invitation, or no caller',
  ),
  EMAIL_VERIFICATION: oneOf(
    ['optional', 'required'],
    defaultPolicy.emailVerification,
    'whether an address must be verified before its owner can log in',
  ),
  KEY_ROTATION_DAYS: days(90, 'how long a signing key signs before the next one does'),
  AUDIT_RETENTION_DAYS: days(defaultPolicy.auditRetention / secondsPerDay, 'how long audit entries are kept'),
  FOREIGN_HASHES: foreignHashes(
    `formats, by commas, of imported password hashes: ${Object.keys(foreignHashFormats).join(', ')}; a higher cost as in bcrypt:13`,
  ),
  SMTP_URL: smtpUrl(
    'smtp://user:password@host:port of the mail server; without one, mails become files in DATA_DIR/outbox',
  ),
  MAIL_FROM: mailbox('Sallyport <sallyport@localhost>', 'sender address'),
  BOOTSTRAP_ADMIN_EMAIL: v.optional(v.pipe(v.string(), v.description('makes the first admin when there is none'))),
  BOOTSTRAP_ADMIN_PASSWORD: v.optional(v.pipe(v.string(), v.description("the first admin's password"))),
  RATE_LIMITS: oneOf(['on', 'off'], 'on', 'rate limits; off is for tests'),
  LOGIN_RATE_LIMIT: quota('5/minute', 'how often an account may be tried from one address'),
  ARGON2_MEMORY_KIB: hashMemory('KiB of memory for one password hash; sallyport calibrate suggests it'),
  ARGON2_PASSES: hashPasses('passes over that memory; sallyport calibrate suggests it'),
  REDIS_URL: redisUrl(
    'redis:// or rediss://user:password@host:port/database where several nodes count together (default: in the database)',
  ),
  TRUST_PROXY: addressRanges('addresses or CIDR blocks, by commas, of proxies whose X-Forwarded-For is believed'),
  KEEP_ALIVE_SECONDS: seconds(
    defaultTimeouts.idle / 1000,
    'how long an idle connection is kept; more than a load balancer keeps its connections to this server',
  ),
  BRAND_NAME: brandName('name of your product on the pages of mailed links and the docs page (default: none)'),
  BRAND_COLOR: brandColor('its colour; adjusted if text in it would be unreadable'),
  BRAND_URL: brandUrl('your app, which a page of a mailed link leads to when it is done (default: no link)'),
  CORS_ORIGINS: origins('origins, by commas, of other sites whose pages may call'),
  USER_DIRECTORY: oneOf(['members', 'admins'], defaultPolicy.userDirectory, 'who may look other users up'),
  LOG_LEVEL: oneOf(
    ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    'info',
    'lowest level that is logged',
  ),
  TLS_CERT: optionalText('PEM file, to serve HTTPS: the certificate and its intermediates; read again when it changes'),
  TLS_KEY: optionalText('PEM file of its private key'),
});
