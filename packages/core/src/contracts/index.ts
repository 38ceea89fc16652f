export type { ContractCase, ContractPart, InstanceName, Open } from './contract.ts';
export type { ArrangeRecords, ArrangeUsers, UnitOfWorkOn } from './arrange.ts';

export { accessTokensContract } from './access-tokens-contract.ts';
export { auditContract, type AuditInstance } from './audit-contract.ts';
export { keysContract, type KeysInstance } from './keys-contract.ts';
export { type DeliveredMail, mailerContract, type ObservedMailer } from './mailer-contract.ts';
export { oneTimeTokensContract, type OneTimeTokensInstance } from './one-time-tokens-contract.ts';
export { outboxContract, type OutboxInstance } from './outbox-contract.ts';
export { passwordHasherContract } from './password-hasher-contract.ts';
export { postsContract, type PostsInstance } from './posts-contract.ts';
export { rateLimiterContract, type TimedRateLimiter } from './rate-limiter-contract.ts';
export { refreshTokensContract } from './refresh-tokens-contract.ts';
export { sessionsContract, type SessionsInstance } from './sessions-contract.ts';
export { clockContract, commonPasswordsContract, secretGeneratorContract } from './small-contracts.ts';
export { storeContract } from './store-contract.ts';
export { unitOfWorkContract, type UnitOfWorkInstance } from './unit-of-work-contract.ts';
export { usersContract } from './users-contract.ts';
export type { UsersInstance } from './users-instance.ts';
