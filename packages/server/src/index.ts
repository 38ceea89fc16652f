export { compose, type Composition } from './compose.ts';
export { type Config, ConfigError, type DatabaseConfig, readConfig } from './config.ts';
export { authorFields, profile } from './profile.ts';
export { provide, provideValue, replace, wrap } from './wiring/provide.ts';
export { parts, ports, type Token, useCaseTokens } from './wiring/tokens.ts';
export type { Workers } from './workers.ts';
