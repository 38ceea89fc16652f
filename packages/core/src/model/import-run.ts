import type { UserId } from './user.ts';

/** How a record refers to an account. */
export type AccountReference = { readonly id: UserId } | { readonly externalId: string };

/**
 * One import, over all its calls of use cases. Pass the same object to each of them. It remembers the keys of every
 * record, some hundred bytes for each, to refuse a second record that has one of them.
 */
export class ImportRun {
  /** Whether nothing is changed: records are checked, also against those that are stored. */
  readonly dryRun: boolean;
  readonly #keys = new Set<string>();
  readonly #accounts = new Set<string>();

  constructor({ dryRun = false }: { readonly dryRun?: boolean } = {}) {
    this.dryRun = dryRun;
  }

  /** Whether an earlier record of this import has this key, such as `user email ada@example.com`. */
  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Remembers the keys of a record that has been dealt with. */
  add(keys: readonly string[]): void {
    for (const key of keys) this.#keys.add(key);
  }

  /** Lets later records of a dry run refer to an account that it would have imported. */
  expect(references: readonly AccountReference[]): void {
    if (this.dryRun) for (const reference of references) this.#accounts.add(JSON.stringify(reference));
  }

  /** Whether a dry run would have imported this account. */
  expects(reference: AccountReference): boolean {
    return this.#accounts.has(JSON.stringify(reference));
  }
}
