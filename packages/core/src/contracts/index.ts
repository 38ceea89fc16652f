export {
  casesOf,
  type ContractCase,
  type ContractPart,
  fulfilled,
  type InstanceName,
  type Open,
  type PortPromise,
  race,
} from './contract.ts';
export { type ArrangeUsers, arrangeIn, type UnitOfWorkOn } from './arrange.ts';
export { expectDifferent, expectRefusal, expectSame, expectThat, rejection } from './expect.ts';
export { firstPage, later, newSession, newUser, noon } from './samples.ts';
export { type PortAccess, transactionPromises } from './transaction-promises.ts';

export { accessTokensContract } from './access-tokens-contract.ts';
export { keyMaterialContract, type TestedKeyMaterial } from './key-material-contract.ts';
export { authorityContract, type AuthorityInstance } from './authority-contract.ts';
export { auditContract, type AuditInstance } from './audit-contract.ts';
export { closedAccountsContract, type ClosedAccountsInstance } from './closed-accounts-contract.ts';
export { keysContract, type KeysInstance } from './keys-contract.ts';
export { knownNetworksContract, type KnownNetworksInstance } from './known-networks-contract.ts';
export { type DeliveredMail, mailerContract, type ObservedMailer } from './mailer-contract.ts';
export { oneTimeTokensContract } from './one-time-tokens-contract.ts';
export type { OneTimeTokensInstance } from './one-time-tokens-instance.ts';
export { outboxContract } from './outbox-contract.ts';
export type { OutboxInstance } from './outbox-instance.ts';
export { passwordHasherContract } from './password-hasher-contract.ts';
export { rateLimiterContract, type TimedRateLimiter } from './rate-limiter-contract.ts';
export { refreshTokensContract } from './refresh-tokens-contract.ts';
export { sessionsContract } from './sessions-contract.ts';
export type { SessionsInstance } from './sessions-instance.ts';
export { clockContract, commonPasswordsContract, secretGeneratorContract } from './small-contracts.ts';
export { storeContract } from './store-contract.ts';
export { unitOfWorkContract, type UnitOfWorkInstance } from './unit-of-work-contract.ts';
export { usersContract } from './users-contract.ts';
export type { UsersInstance } from './users-instance.ts';
