import {
  type AccountKeys,
  type CredentialChanges,
  type Credentials,
  type ImportedUser,
  isFound,
  type NewUser,
  SallyportError,
  searchedTerms,
  searchTerms,
  type StorePage,
  type User,
  type UserChanges,
  type UserFilter,
  type Users,
  type WritableUsers,
} from '@sallyport/core';
import {
  activeAdmin,
  type Database,
  type DatabaseDraft,
  externalKey,
  readRows,
  type UserRow,
  withChanges,
} from './database.ts';

export function toUser({ passwordHash: _, securityVersion: __, ...user }: UserRow): User {
  return user;
}

function toCredentials(row: UserRow): Credentials {
  const { passwordHash, securityVersion } = row;
  return { user: toUser(row), passwordHash, securityVersion };
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

  async list(
    { isActive, role, emailVerified, externalId, search }: UserFilter,
    page: StorePage,
  ): Promise<readonly User[]> {
    const { users, ids } = this.#committed();
    const searched = search === undefined ? undefined : searchedTerms(search);
    const matches = (user: UserRow) =>
      (isActive === undefined || user.isActive === isActive) &&
      (role === undefined || user.role === role) &&
      (emailVerified === undefined || user.emailVerified === emailVerified) &&
      (externalId === undefined || user.externalId === externalId) &&
      (searched === undefined || isFound(searchTerms(user), searched));
    return readRows(ids.user.from(page.after, 'up'), (id) => users.get(id), matches, page).map(toUser);
  }

  async listCredentials(page: StorePage): Promise<readonly Credentials[]> {
    const { users, ids } = this.#committed();
    const isAny = () => true;
    return readRows(ids.user.from(page.after, 'up'), (id) => users.get(id), isAny, page).map(toCredentials);
  }
}

export class MemoryWritableUsers implements WritableUsers {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async append(user: NewUser): Promise<User> {
    this.#refuseTaken(user.email);
    const { users, ids } = this.#draft;
    if (user.externalId !== undefined && users.withKey(externalKey(user.externalId)).length > 0) {
      this.#draft.refuse(new SallyportError('external_id_taken'));
    }
    const row = { ...user, id: ids.user.next(), securityVersion: 1 };
    users.put(row);
    return toUser(row);
  }

  async import(users: readonly ImportedUser[]): Promise<readonly (number | undefined)[]> {
    const { users: rows, closedAccounts, ids } = this.#draft;
    for (const { id } of users) if (id !== undefined) ids.user.take(id);
    return users.map((user) => {
      const { email, externalId } = user;
      const isTaken =
        rows.withKey(email).length > 0 ||
        (externalId !== undefined && rows.withKey(externalKey(externalId)).length > 0) ||
        (user.id !== undefined && (rows.get(user.id) ?? closedAccounts.get(user.id)) !== undefined);
      if (isTaken) return undefined;
      const id = user.id ?? ids.user.next();
      rows.put({ ...user, id, securityVersion: 1 });
      return id;
    });
  }

  async findAny({ ids, emails, externalIds }: AccountKeys): Promise<readonly Credentials[]> {
    const { users } = this.#draft;
    const byKeys = [...emails, ...externalIds.map(externalKey)].flatMap((key) => users.idsWithKey(key));
    const found = [...new Set([...ids, ...byKeys])].map((id) => users.get(id));
    return found.filter((row) => row !== undefined).map(toCredentials);
  }

  async lockAll(ids: readonly number[]): Promise<readonly number[]> {
    return [...new Set(ids)].filter((id) => this.#draft.users.get(id) !== undefined).toSorted((a, b) => a - b);
  }

  async update(id: number, changes: UserChanges): Promise<User | undefined> {
    const row = this.#draft.users.get(id);
    if (!row) return undefined;
    const changed = withChanges(row, { ...changes, profile: { ...row.profile, ...changes.profile } });
    this.#draft.users.put(changed);
    return toUser(changed);
  }

  async changeCredentials(id: number, changes: CredentialChanges): Promise<Credentials | undefined> {
    const row = this.#draft.users.get(id);
    if (!row) return undefined;
    if (changes.email !== undefined && changes.email !== row.email) this.#refuseTaken(changes.email);
    const changed = withChanges({ ...row, securityVersion: row.securityVersion + 1 }, changes);
    this.#draft.users.put(changed);
    return toCredentials(changed);
  }

  async rehashPassword(id: number, passwordHash: string): Promise<void> {
    const row = this.#draft.users.get(id);
    if (row) this.#draft.users.put({ ...row, passwordHash });
  }

  async delete(id: number): Promise<boolean> {
    const { users } = this.#draft;
    if (!users.get(id)) return false;
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
