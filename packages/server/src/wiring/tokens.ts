import type { cryptoPorts } from '@sallyport/adapters-crypto';
import type { Certificate, HttpServer } from '@sallyport/adapters-http-koa';
import {
  type Application,
  type CreatedApplication,
  type PolicyOptions,
  type Ports,
  type UseCaseName,
  type UseCases,
  useCases,
} from '@sallyport/core';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';
import type { Mail } from '../mail.ts';
import type { RateLimits } from '../rate-limits.ts';

declare const held: unique symbol;

/** What the container knows a thing by. Its type says what it holds, so that two swapped ones do not compile. */
export type Token<Held> = symbol & { readonly [held]: (value: Held) => Held };

type TokensOf<Record> = { readonly [Name in keyof Record]-?: Token<Record[Name]> };

function tokensOf<Record>(names: readonly (keyof Record & string)[]): TokensOf<Record> {
  return Object.fromEntries(names.map((name) => [name, Symbol(name)])) as TokensOf<Record>;
}

/** Each port by its name. One that is missing here does not compile. */
const portNames: { readonly [Name in keyof Ports]: Name } = {
  users: 'users',
  sessions: 'sessions',
  posts: 'posts',
  oneTimeTokens: 'oneTimeTokens',
  audit: 'audit',
  keys: 'keys',
  unitOfWork: 'unitOfWork',
  hasher: 'hasher',
  commonPasswords: 'commonPasswords',
  accessTokens: 'accessTokens',
  refreshTokens: 'refreshTokens',
  keyRing: 'keyRing',
  mailer: 'mailer',
  rateLimiter: 'rateLimiter',
  secrets: 'secrets',
  clock: 'clock',
};

/** The ports: what an adapter is bound to. */
export const ports = tokensOf<Ports>(Object.values(portNames));

/** The use cases, from the core's own table. */
export const useCaseTokens = tokensOf<UseCases>(Object.keys(useCases) as UseCaseName[]);

interface Parts {
  readonly config: Config;
  readonly log: Logger;
  readonly secretKey: string;
  readonly crypto: ReturnType<typeof cryptoPorts>;
  readonly database: Database;
  /** Absent where the server speaks plain HTTP. */
  readonly certificate: Certificate | undefined;
  readonly mail: Mail;
  readonly rateLimits: RateLimits;
  readonly policy: PolicyOptions;
  /** The use cases as the core builds them. */
  readonly core: CreatedApplication;
  /** The use cases, each as its token holds it. */
  readonly application: Application;
  readonly http: HttpServer;
}

/** What stands between and around ports and use cases. */
export const parts = tokensOf<Parts>([
  'config',
  'log',
  'secretKey',
  'crypto',
  'database',
  'certificate',
  'mail',
  'rateLimits',
  'policy',
  'core',
  'application',
  'http',
]);
