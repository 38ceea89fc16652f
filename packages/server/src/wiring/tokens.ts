import type { cryptoPorts } from '@sallyport/adapters-crypto';
import {
  type Application,
  type BuiltTable,
  type CreatedApplication,
  type PolicyOptions,
  portNames,
  type UseCaseName,
  type UseCases,
  type UseCaseTable,
  useCases,
} from '@sallyport/core';
import type { Certificate, HardenedServer } from '@sallyport/hardened-server';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Database } from '../database.ts';
import type { HttpServerOptions } from '../http-server.ts';
import type { Mail } from '../mail.ts';
import { modulePortNames, type ServerPorts } from '../modules.ts';
import type { RateLimits } from '../rate-limits.ts';

declare const held: unique symbol;

/** A key of the container. Its type states the type of its value, so that two swapped tokens do not compile. */
export type Token<Held> = symbol & { readonly [held]: (value: Held) => Held };

type TokensOf<Record> = { readonly [Name in keyof Record]-?: Token<Record[Name]> };

function tokensOf<Record>(names: readonly (keyof Record & string)[]): TokensOf<Record> {
  return Object.fromEntries(names.map((name) => [name, Symbol(name)])) as TokensOf<Record>;
}

/** The tokens of the ports, to which adapters are bound. */
export const ports = tokensOf<ServerPorts>([...portNames, ...Object.values(modulePortNames)]);

/** The tokens of the use cases, from the core's own table. */
export const useCaseTokens = tokensOf<UseCases>(Object.keys(useCases) as UseCaseName[]);

/** The tokens of a module's use cases. */
export function moduleTokens<Cases extends UseCaseTable>({
  name: module,
  useCases: cases,
}: {
  readonly name: string;
  readonly useCases: Cases;
}): TokensOf<BuiltTable<Cases>> {
  const tokens = Object.keys(cases).map((name) => [name, Symbol.for(`@sallyport/server/${module}.${name}`)]);
  return Object.fromEntries(tokens) as TokensOf<BuiltTable<Cases>>;
}

interface Parts {
  readonly config: Config;
  readonly log: Logger;
  readonly secretKey: string;
  readonly crypto: ReturnType<typeof cryptoPorts>;
  readonly database: Database;
  /** Absent if the server uses plain HTTP. */
  readonly certificate: Certificate | undefined;
  readonly mail: Mail;
  readonly rateLimits: RateLimits;
  readonly policy: PolicyOptions;
  /** The use cases as the core builds them. */
  readonly core: CreatedApplication;
  /** The use cases of the modules, by the names of the modules, as their tokens hold them. */
  readonly modules: ReadonlyMap<string, BuiltTable<UseCaseTable>>;
  /** The use cases, as their tokens hold them. */
  readonly application: Application;
  readonly httpOptions: HttpServerOptions;
  readonly http: HardenedServer;
}

/** The tokens of everything besides ports and use cases. */
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
  'modules',
  'application',
  'httpOptions',
  'http',
]);
