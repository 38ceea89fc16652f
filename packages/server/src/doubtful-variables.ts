import { containEveryAddress } from '@sallyport/http-api';
import * as v from 'valibot';
import { isWithin } from './edit-distance.ts';
import { Environment } from './environment.ts';
import { givenVariables } from './given-variables.ts';

/** A variable that is probably a mistake, and why. The reason never contains a value. */
export interface DoubtfulVariable {
  readonly variable: string;
  readonly reason: string;
}

type Names = Readonly<Record<string, string | undefined>>;

const known = Object.keys(Environment.entries);

/** What begins the names of our variables and hardly any others. */
const families: readonly (readonly [prefix: string, known: string])[] = [
  ['CORS_', 'CORS_ORIGINS'],
  ['SMTP_', 'SMTP_URL'],
  ['TRUST_PROX', 'TRUST_PROXY'],
  ['TRUSTED_PROX', 'TRUST_PROXY'],
  ['BOOTSTRAP_ADMIN_', 'BOOTSTRAP_ADMIN_EMAIL'],
  ['RATE_LIMIT', 'RATE_LIMITS'],
  ['LOGIN_RATE_', 'LOGIN_RATE_LIMIT'],
  ['ACCESS_TOKEN_', 'ACCESS_TOKEN_EXPIRE_MINUTES'],
  ['REFRESH_TOKEN_', 'REFRESH_TOKEN_EXPIRE_DAYS'],
  ['PASSWORD_RESET_', 'PASSWORD_RESET_EXPIRE_MINUTES'],
  ['EMAIL_VERIF', 'EMAIL_VERIFICATION'],
  ['KEY_ROTATION_', 'KEY_ROTATION_DAYS'],
  ['AUDIT_RETENTION_', 'AUDIT_RETENTION_DAYS'],
  ['ARGON2_', 'ARGON2_MEMORY_KIB'],
];

/** What other programs call our variables. Only in the settings file they can be meant for us. */
const aliases: Readonly<Record<string, string>> = {
  JWT_SECRET: 'SECRET_KEY',
  JWT_SECRET_KEY: 'SECRET_KEY',
  JWT_KEY: 'SECRET_KEY',
  AUTH_SECRET: 'SECRET_KEY',
  SESSION_SECRET: 'SECRET_KEY',
  SECRET: 'SECRET_KEY',
  DB_URL: 'DATABASE_URL',
  POSTGRES_URL: 'DATABASE_URL',
  BASE_URL: 'PUBLIC_URL',
  APP_URL: 'PUBLIC_URL',
  EMAIL_FROM: 'MAIL_FROM',
  ALLOWED_ORIGINS: 'CORS_ORIGINS',
  ADMIN_EMAIL: 'BOOTSTRAP_ADMIN_EMAIL',
  ADMIN_PASSWORD: 'BOOTSTRAP_ADMIN_PASSWORD',
};

/** Node reads these before it runs a program. */
const nodeReadsFirst = new Set(['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'UV_THREADPOOL_SIZE']);

/**
 * Finds variables that are probably mistakes: names that look like ours but are not read (another spelling, another
 * case, our own name as a prefix, `_FILE`), values whose quotes belong to them, variables of Node that a file sets too
 * late, and proxies that are all addresses. Variables of the machine and of other programs are passed over.
 *
 * @param environment the variables of the process
 * @param file the variables of the settings file
 */
export function doubtfulVariables(environment: Names, file: Names): DoubtfulVariable[] {
  const all = { ...file, ...givenVariables(environment) };
  return Object.keys(all).flatMap((variable) => {
    const reason =
      doubt(variable, all) ??
      doubtOfAlias(variable, file) ??
      doubtOfQuotes(variable, environment) ??
      doubtOfFile(variable, file) ??
      doubtOfProxies(variable, all);
    return reason === undefined ? [] : [{ variable, reason }];
  });
}

/** Logs each of them, at a time when the rest of the configuration may be invalid. */
export async function warnOfDoubtfulVariables(environment: Names, file: Names): Promise<void> {
  const doubtful = doubtfulVariables(environment, file);
  if (doubtful.length === 0) return;
  const { createLog } = await import('./log.ts');
  const { LOG_LEVEL: level } = { ...file, ...givenVariables(environment) };
  const log = createLog(v.parse(v.fallback(Environment.entries.LOG_LEVEL, 'info'), level));
  for (const { variable, reason } of doubtful) log.warn({ variable }, `${variable} ${reason}`);
}

function doubt(name: string, all: Names): string | undefined {
  if (known.includes(name) || isForeign(name, all)) return undefined;
  const meant = resembled(name);
  return meant === undefined ? undefined : isIgnored(meant);
}

function doubtOfAlias(name: string, file: Names): string | undefined {
  const meant = file[name] === undefined ? undefined : aliases[name.toUpperCase()];
  return meant === undefined ? undefined : isIgnored(meant);
}

const isIgnored = (meant: string) => `is not a variable of Sallyport, and is ignored: ${meant} is one`;

/** A file's reader removes quotes. `docker --env-file` does not. */
function doubtOfQuotes(name: string, environment: Names): string | undefined {
  const isQuoted = known.includes(name) && /^\s*(["'`]).*\1\s*$/s.test(environment[name] ?? '');
  return isQuoted ? 'has quotes that are part of its value: docker --env-file, for one, keeps them' : undefined;
}

function doubtOfFile(name: string, file: Names): string | undefined {
  const isLate = nodeReadsFirst.has(name) && file[name] !== undefined;
  return isLate ? 'has no effect in .env: Node reads it before, so set it in the environment' : undefined;
}

/** X-Forwarded-For is read up to the first address that is no proxy's, and then there is none. */
function doubtOfProxies(name: string, all: Names): string | undefined {
  const isAll = name === 'TRUST_PROXY' && containEveryAddress((all[name] ?? '').split(','));
  return isAll ? 'trusts every address as a proxy, so that a client can choose the address it has' : undefined;
}

/** What Kubernetes sets for each of its services, such as SMTP_PORT=tcp://…, and the variables of package managers. */
function isForeign(name: string, environment: Names): boolean {
  if (/^(npm_|PG[A-Z]|KUBERNETES_|NODE_)/i.test(name)) return true;
  const [service] = name.split(/_(?:SERVICE|PORT)(?:_|$)/);
  return service !== name && environment[`${service}_SERVICE_HOST`] !== undefined;
}

function resembled(name: string): string | undefined {
  const plain = name
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replace(/^SALLYPORT_/, '')
    .replace(/_FILE$/, '');
  if (known.includes(plain)) return plain;
  // A short name such as PORT is close to too many others.
  const close = known.find((own) => own.length >= 7 && isWithin(own.length >= 9 ? 2 : 1, plain, own));
  return close ?? families.find(([prefix]) => plain.startsWith(prefix))?.[1];
}
