import type { KeyStore, StoredKey, WritableKeyStore } from '@sallyport/core';
import type { Database, DatabaseDraft } from './database.ts';

export class MemoryKeyStore implements KeyStore {
  readonly #committed: () => Database;
  constructor(committed: () => Database) {
    this.#committed = committed;
  }

  async list(): Promise<readonly StoredKey[]> {
    const rows = [...this.#committed().keys.all()].map(({ id: _, ...key }) => key);
    return rows.toSorted((a, b) => a.activeFrom.getTime() - b.activeFrom.getTime());
  }
}

export class MemoryWritableKeyStore implements WritableKeyStore {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async append(key: StoredKey): Promise<boolean> {
    if (this.#draft.keys.withKey(key.predecessor).length > 0) return false;
    if (key.predecessor !== '' && !this.#draft.keys.get(key.predecessor)) return false;
    this.#draft.keys.put({ ...key, id: key.kid });
    return true;
  }

  async reseal(kid: string, sealedPrivateKey: string): Promise<void> {
    const row = this.#draft.keys.get(kid);
    if (row) this.#draft.keys.put({ ...row, sealedPrivateKey });
  }

  async delete(kid: string): Promise<void> {
    this.#draft.keys.remove(kid);
  }

  async deleteAll(): Promise<number> {
    const all = [...this.#draft.keys.all()];
    for (const { kid } of all) this.#draft.keys.remove(kid);
    return all.length;
  }
}
