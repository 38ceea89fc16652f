import {
  type OneTimeToken,
  type OneTimeTokens,
  SallyportError,
  type TokenPurpose,
  type User,
  type WritableOneTimeTokens,
} from '@sallyport/core';
import { type Database, type DatabaseDraft, purgeRows } from './database.ts';
import { toUser } from './memory-users.ts';

export class MemoryOneTimeTokens implements OneTimeTokens {
  readonly #committed: () => Database;
  constructor(committed: () => Database) {
    this.#committed = committed;
  }

  async findUser(digest: string, purposes: readonly TokenPurpose[], at: Date): Promise<User | undefined> {
    const { oneTimeTokens, users } = this.#committed();
    const token = oneTimeTokens.withKey(digest).find((row) => isLive(row, purposes, at));
    const user = token && users.get(token.userId);
    return user && toUser(user);
  }
}

export class MemoryWritableOneTimeTokens implements WritableOneTimeTokens {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async replace(token: OneTimeToken): Promise<void> {
    if (!this.#draft.users.get(token.userId)) this.#draft.refuse(new SallyportError('user_no_longer_exists'));
    this.#draft.oneTimeTokens.put({ ...token, id: `${token.userId} ${token.purpose}` });
  }

  async consume(digest: string, purposes: readonly TokenPurpose[], at: Date): Promise<OneTimeToken | undefined> {
    const row = this.#draft.oneTimeTokens.withKey(digest).find((one) => isLive(one, purposes, at));
    if (!row) return undefined;
    const { id, ...token } = row;
    this.#draft.oneTimeTokens.remove(id);
    return token;
  }

  async deleteAllOf(userId: number): Promise<void> {
    for (const { id } of this.#draft.oneTimeTokens.withKey(userId)) this.#draft.oneTimeTokens.remove(id);
  }

  async purge(before: Date, limit: number): Promise<number> {
    return purgeRows(this.#draft.oneTimeTokens, ({ expiresAt }) => expiresAt < before, limit);
  }
}

function isLive({ purpose, expiresAt }: OneTimeToken, purposes: readonly TokenPurpose[], at: Date): boolean {
  return purposes.includes(purpose) && at < expiresAt;
}
