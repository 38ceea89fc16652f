import type { Email } from '../model/email.ts';
import type { UserId } from '../model/user.ts';
import { type OneTimeToken, type OneTimeTokens, type TokenPurpose, tokenPurposes } from '../ports/one-time-tokens.ts';
import type { ArrangeUsers, UnitOfWorkOn } from './arrange.ts';
import { later, noon } from './samples.ts';

/** An instance of `OneTimeTokens` for its contract. */
export interface OneTimeTokensInstance {
  readonly oneTimeTokens: OneTimeTokens;
  readonly unitOfWork: UnitOfWorkOn<'oneTimeTokens'>;
  readonly arrange: Pick<ArrangeUsers, 'user' | 'deleteUser'>;
}

/** A token whose digest names its owner and its purpose. */
export function newToken(userId: UserId, purpose: TokenPurpose, fields: Partial<OneTimeToken> = {}): OneTimeToken {
  const email = 'ada@example.com' as Email;
  const digest = `${purpose} of ${userId}`;
  return { userId, purpose, email, digest, createdAt: noon, expiresAt: later, ...fields };
}

/** Appends these tokens through the port under test, in one transaction: each in a mail of its own, or all in one. */
export async function append(
  { unitOfWork }: OneTimeTokensInstance,
  tokens: readonly OneTimeToken[],
  keep: number,
  mail?: string,
): Promise<void> {
  await unitOfWork.run(async ({ oneTimeTokens }) => {
    for (const token of tokens) await oneTimeTokens.append(token, { mail: mail ?? `mail of ${token.digest}`, keep });
  });
}

/** Stores a token of every purpose for one user. */
export async function addTokens(
  store: OneTimeTokensInstance,
  userId: UserId,
  fields: Partial<OneTimeToken> = {},
): Promise<readonly OneTimeToken[]> {
  const tokens = tokenPurposes.map((purpose) => newToken(userId, purpose, fields));
  await append(store, tokens, 3);
  return tokens;
}

/** Consumes the token with this digest, for these purposes, or for any purpose if none are given. */
export function consume(
  { unitOfWork }: OneTimeTokensInstance,
  digest: string,
  purposes = tokenPurposes.slice(),
  at = noon,
): Promise<OneTimeToken | undefined> {
  return unitOfWork.run(({ oneTimeTokens }) => oneTimeTokens.consume({ digest, purposes, at }));
}

/** Consumes these tokens one after the other, and returns the result of each. */
export async function consumeAll(
  store: OneTimeTokensInstance,
  tokens: readonly OneTimeToken[],
): Promise<readonly (OneTimeToken | undefined)[]> {
  const consumed: (OneTimeToken | undefined)[] = [];
  for (const { digest, purpose } of tokens) consumed.push(await consume(store, digest, [purpose]));
  return consumed;
}
