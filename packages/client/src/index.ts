export { ApiError, type ApiErrorCode, isApiError, type InvalidField, type Schemas } from './api-error.ts';
export { type Client, type ClientOptions, type ClientSession, createClient } from './client.ts';
export type { components, operations } from './generated/schema.ts';
export type { Grant } from './grant.ts';
export type { CallOptions, InputOf, MethodsOf, OutputOf } from './operations.ts';
export type { Page, PageCall } from './pages.ts';
export type { RouteTable } from './route.ts';
export {
  browserStorage,
  type BrowserStorageOptions,
  type KeyValueStore,
  type Locks,
  memoryStorage,
  type Tokens,
  type TokenStorage,
} from './token-storage.ts';
