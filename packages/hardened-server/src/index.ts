export {
  createHardenedServer,
  type HardenedServer,
  type HardenedServerOptions,
  type Handler,
} from './hardened-server.ts';
export type { Certificate } from './node-server.ts';
export { problemAnswer, type Refusal, type RefusalAnswer, type RefusalReason } from './refusal.ts';
export { defaultTimeouts, type TimeoutOptions, type Timeouts } from './timeouts.ts';
