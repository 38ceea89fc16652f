export type { ContractCase, ContractPart } from './contract.ts';

export { accessTokensContract } from './access-tokens-contract.ts';
export { keyMaterialContract, type TestedKeyMaterial } from './key-material-contract.ts';
export { passwordHasherContract } from './password-hasher-contract.ts';
export { rateLimiterContract, type TimedRateLimiter } from './rate-limiter-contract.ts';
export {
  clockContract,
  commonPasswordsContract,
  refreshTokensContract,
  secretGeneratorContract,
} from './small-contracts.ts';
export { storeContract } from './store-contract.ts';
