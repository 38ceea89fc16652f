import type {
  FoundToken,
  OneTimeToken,
  OneTimeTokens,
  ShownToken,
  TokenMail,
  WritableOneTimeTokens,
} from '@sallyport/core';
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

  async append(token: OneTimeToken, { mail, keep }: TokenMail): Promise<void> {
    const { oneTimeTokens } = this.#draft;
    const row = { ...token, id: token.digest, mail };
    const others = oneTimeTokens
      .withKey(token.userId)
      .filter(({ purpose, id }) => purpose === token.purpose && id !== row.id);
    const newestFirst = others.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || compare(b, a));
    const left = new Map<string, number>();
    for (const { id, mail: carrier } of [row, ...newestFirst]) {
      if (!left.has(carrier) && left.size < keep) left.set(carrier, keep);
      const room = left.get(carrier) ?? 0;
      if (room === 0) oneTimeTokens.remove(id);
      else left.set(carrier, room - 1);
    }
    oneTimeTokens.put(row);
  }

  async consume(shown: ShownToken): Promise<OneTimeToken | undefined> {
    const row = this.#live(shown);
    if (row) this.#draft.oneTimeTokens.remove(row.id);
    return row && toToken(row);
  }

  async use(shown: ShownToken): Promise<OneTimeToken | undefined> {
    const row = this.#live(shown);
    if (row) this.#draft.oneTimeTokens.put({ ...row, usedAt: row.usedAt ?? shown.at });
    return row && toToken(row);
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

  #live(shown: ShownToken): TokenRow | undefined {
    const row = this.#draft.oneTimeTokens.get(shown.digest);
    return row && isLive(row, shown) ? row : undefined;
  }
}

function toToken({ id: _, mail: __, ...token }: TokenRow): OneTimeToken {
  return token;
}

function isLive({ purpose, expiresAt }: OneTimeToken, { purposes, at }: ShownToken): boolean {
  return purposes.includes(purpose) && at < expiresAt;
}

function compare(a: OneTimeToken, b: OneTimeToken): number {
  return a.digest < b.digest ? -1 : 1;
}
