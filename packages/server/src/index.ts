export { compose, type Composition } from './compose.ts';
export { type Config, ConfigError, type DatabaseConfig, readConfig } from './config.ts';
export { provide, provideValue, replace } from './wiring/provide.ts';
export { application, parts, ports, type Token } from './wiring/tokens.ts';
