export { compose, type Composition } from './compose.ts';
export { type Config, ConfigError, type DatabaseConfig, readConfig } from './config.ts';
export type { HttpServerOptions } from './http-server.ts';
export { httpModules, modules } from './modules.ts';
export { profile } from './profile.ts';
export { provide, provideValue, replace, wrap } from './wiring/provide.ts';
export { moduleTokens, parts, ports, type Token, useCaseTokens } from './wiring/tokens.ts';
export type { ServerWorkers } from './workers.ts';
