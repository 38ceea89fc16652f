export { type FetchGuard, fetchGuard } from './guard.ts';
export { type FetchHandler, fetchHandler, type FetchMount, toResponse } from './handler.ts';
export type { FetchOrigin } from './origin.ts';
