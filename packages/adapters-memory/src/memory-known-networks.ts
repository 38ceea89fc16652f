import type { Email, KnownNetworks, WritableKnownNetworks } from '@sallyport/core';
import { type Database, type DatabaseDraft, type KnownNetworkRow, purgeRows, purgeWithKey } from './database.ts';

export class MemoryKnownNetworks implements KnownNetworks {
  readonly #committed: () => Database;
  constructor(committed: () => Database) {
    this.#committed = committed;
  }

  async isKnown(email: Email, network: string, at: Date): Promise<boolean> {
    const { users, knownNetworks } = this.#committed();
    const [user] = users.withKey(email);
    const known = user && knownNetworks.get(idOf(user.id, network));
    return known !== undefined && known.until > at;
  }
}

export class MemoryWritableKnownNetworks implements WritableKnownNetworks {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async remember(userId: number, network: string, until: Date, keep: number): Promise<void> {
    const { knownNetworks } = this.#draft;
    const id = idOf(userId, network);
    const known = knownNetworks.get(id);
    if (known && known.until >= until) return;
    knownNetworks.put({ id, userId, until });
    const others = knownNetworks.withKey(userId).filter((other) => other.id !== id);
    const longestFirst = others.toSorted((a, b) => b.until.getTime() - a.until.getTime());
    for (const beyond of longestFirst.slice(keep - 1)) knownNetworks.remove(beyond.id);
  }

  async purge(at: Date, limit: number): Promise<number> {
    return purgeRows(this.#draft.knownNetworks, ({ until }) => until <= at, limit);
  }

  async purgeAllOf(userId: number, limit: number): Promise<number> {
    return purgeWithKey(this.#draft.knownNetworks, userId, limit);
  }
}

function idOf(userId: number, network: string): KnownNetworkRow['id'] {
  return `${userId} ${network}`;
}
