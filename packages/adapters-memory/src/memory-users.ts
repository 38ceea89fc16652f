import {
  SallyportError,
  type Credentials,
  foldCase,
  type NewUser,
  type StorePage,
  type User,
  type UserChanges,
  type UserFilter,
  type Users,
  type WritableUsers,
} from '@sallyport/core';
import { activeAdmin, type Database, type DatabaseDraft, readRows, type UserRow, withChanges } from './database.ts';

export function toUser({ passwordHash: _, ...user }: UserRow): User {
  return user;
}

function toCredentials(row: UserRow): Credentials {
  return { user: toUser(row), passwordHash: row.passwordHash };
}

export class MemoryUsers implements Users {
  readonly #committed: () => Database;
  constructor(committed: () => Database) {
    this.#committed = committed;
  }

  async findById(id: number): Promise<User | undefined> {
    const row = this.#committed().users.get(id);
    return row && toUser(row);
  }

  async findCredentials(key: { readonly email: string } | { readonly id: number }): Promise<Credentials | undefined> {
    const { users } = this.#committed();
    const row = 'id' in key ? users.get(key.id) : users.withKey(key.email)[0];
    return row && toCredentials(row);
  }

  async list({ isActive, role, search }: UserFilter, page: StorePage): Promise<readonly User[]> {
    const { users, ids } = this.#committed();
    const matches = (user: UserRow) =>
      (isActive === undefined || user.isActive === isActive) &&
      (role === undefined || user.role === role) &&
      (search === undefined || user.email.startsWith(search) || foldCase(user.name).startsWith(search));
    return readRows(ids.user.from(page.after, 'up'), (id) => users.get(id), matches, page).map(toUser);
  }
}

export class MemoryWritableUsers implements WritableUsers {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async append(user: NewUser): Promise<User> {
    this.#refuseTaken(user.email);
    const row = { ...user, id: this.#draft.ids.user.next() };
    this.#draft.users.put(row);
    return toUser(row);
  }

  async update(id: number, changes: UserChanges): Promise<User | undefined> {
    const row = this.#draft.users.get(id);
    if (!row) return undefined;
    const changed = withChanges(row, changes);
    if (changed.email !== row.email) this.#refuseTaken(changed.email);
    this.#draft.users.put(changed);
    return toUser(changed);
  }

  async setPasswordHash(id: number, passwordHash: string): Promise<void> {
    const row = this.#draft.users.get(id);
    if (row) this.#draft.users.put({ ...row, passwordHash });
  }

  async delete(id: number): Promise<boolean> {
    const { users, sessions, posts, oneTimeTokens } = this.#draft;
    if (!users.get(id)) return false;
    for (const session of sessions.withKey(id)) sessions.remove(session.id);
    for (const post of posts.withKey(id)) posts.remove(post.id);
    for (const token of oneTimeTokens.withKey(id)) oneTimeTokens.remove(token.id);
    users.remove(id);
    return true;
  }

  #refuseTaken(email: string): void {
    if (this.#draft.users.withKey(email).length > 0) this.#draft.refuse(new SallyportError('email_taken'));
  }

  async lockCredentials(id: number): Promise<Credentials | undefined> {
    const row = this.#draft.users.get(id);
    return row && toCredentials(row);
  }

  async lockActiveAdmins(): Promise<readonly number[]> {
    const admins = this.#draft.users.withKey(activeAdmin);
    return admins.map(({ id }) => id).toSorted((a, b) => a - b);
  }
}
