import type { FoundToken, OneTimeToken, OneTimeTokens, ShownToken, WritableOneTimeTokens } from '@sallyport/core';
import { type Database, type DatabaseDraft, purgeRows, purgeWithKey, type TokenRow } from './database.ts';
import { toUser } from './memory-users.ts';

export class MemoryOneTimeTokens implements OneTimeTokens {
  readonly #committed: () => Database;
  constructor(committed: () => Database) {
    this.#committed = committed;
  }

  async find(shown: ShownToken): Promise<FoundToken | undefined> {
    const { oneTimeTokens, users } = this.#committed();
    const row = oneTimeTokens.get(shown.digest);
    const user = row && isLive(row, shown) && users.get(row.userId);
    return user ? { token: toToken(row), user: toUser(user) } : undefined;
  }
}

export class MemoryWritableOneTimeTokens implements WritableOneTimeTokens {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async append(token: OneTimeToken, keep: number): Promise<void> {
    const { oneTimeTokens } = this.#draft;
    oneTimeTokens.put({ ...token, id: token.digest });
    const others = oneTimeTokens
      .withKey(token.userId)
      .filter(({ purpose, digest }) => purpose === token.purpose && digest !== token.digest);
    const newestFirst = others.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || compare(b, a));
    for (const { id } of newestFirst.slice(keep - 1)) oneTimeTokens.remove(id);
  }

  async consume(shown: ShownToken): Promise<OneTimeToken | undefined> {
    const token = this.#live(shown);
    if (token) this.#draft.oneTimeTokens.remove(token.digest);
    return token;
  }

  async use(shown: ShownToken): Promise<OneTimeToken | undefined> {
    const token = this.#live(shown);
    if (token) this.#draft.oneTimeTokens.put({ ...token, id: token.digest, usedAt: token.usedAt ?? shown.at });
    return token;
  }

  async deleteAllOf(
    userId: number,
    { purposes, except }: Parameters<WritableOneTimeTokens['deleteAllOf']>[1] = {},
  ): Promise<void> {
    for (const { id, purpose } of this.#draft.oneTimeTokens.withKey(userId)) {
      if (id !== except && (purposes?.includes(purpose) ?? true)) this.#draft.oneTimeTokens.remove(id);
    }
  }

  async purge(before: Date, limit: number): Promise<number> {
    return purgeRows(this.#draft.oneTimeTokens, ({ expiresAt }) => expiresAt < before, limit);
  }

  async purgeAllOf(userId: number, limit: number): Promise<number> {
    return purgeWithKey(this.#draft.oneTimeTokens, userId, limit);
  }

  #live(shown: ShownToken): OneTimeToken | undefined {
    const row = this.#draft.oneTimeTokens.get(shown.digest);
    if (!row || !isLive(row, shown)) return undefined;
    return toToken(row);
  }
}

function toToken({ id: _, ...token }: TokenRow): OneTimeToken {
  return token;
}

function isLive({ purpose, expiresAt }: OneTimeToken, { purposes, at }: ShownToken): boolean {
  return purposes.includes(purpose) && at < expiresAt;
}

function compare(a: OneTimeToken, b: OneTimeToken): number {
  return a.digest < b.digest ? -1 : 1;
}
