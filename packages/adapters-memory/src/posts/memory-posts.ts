import type { StorePage, User } from '@sallyport/core';
import type {
  ImportedPost,
  NewPost,
  Post,
  PostChanges,
  PostFilter,
  PostKeys,
  Posts,
  PostsPorts,
  PostsTransaction,
  PostWithAuthor,
  WritablePosts,
} from '@sallyport/core/posts';
import { type DatabaseDraft, purgeWithKey, readRows, withChanges } from '../database.ts';
import type { MemoryPart, PartOfStore } from '../part.ts';
import { type Rows, Sequence, Table } from '../table.ts';

/** The posts of a store in memory. */
export const memoryPosts: MemoryPart<PostsPorts, PostsTransaction> = (store) => {
  const table = new Table<number, Post>((post) => [post.authorId]);
  const ids = new Sequence();
  return {
    ports: { posts: new MemoryPosts(store, table, ids) },
    repositories: (transaction) => ({ posts: new MemoryWritablePosts(transaction, table, ids) }),
  };
};

class MemoryPosts implements Posts {
  readonly #store: PartOfStore;
  readonly #table: Table<number, Post>;
  readonly #ids: Sequence;

  constructor(store: PartOfStore, table: Table<number, Post>, ids: Sequence) {
    this.#store = store;
    this.#table = table;
    this.#ids = ids;
  }

  async findWithAuthor(id: number): Promise<PostWithAuthor | undefined> {
    return withAuthor(this.#store.committed(this.#table), this.#store.users(), id);
  }

  async list({ authorId, published, draftsOf, byActive }: PostFilter, page: StorePage): Promise<readonly Post[]> {
    const [posts, users] = [this.#store.committed(this.#table), this.#store.users()];
    const isShown = (author: User | undefined) => author !== undefined && (author.isActive || byActive !== true);
    const matches = (post: Post) =>
      isShown(users.get(post.authorId)) &&
      (authorId === undefined || post.authorId === authorId) &&
      (published === undefined || post.published === published) &&
      (draftsOf === undefined || post.published || post.authorId === draftsOf);
    return readRows(this.#ids.from(page.after, 'down'), (id) => posts.get(id), matches, page);
  }
}

class MemoryWritablePosts implements WritablePosts {
  readonly #transaction: DatabaseDraft;
  readonly #table: Table<number, Post>;
  readonly #ids: Sequence;

  constructor(transaction: DatabaseDraft, table: Table<number, Post>, ids: Sequence) {
    this.#transaction = transaction;
    this.#table = table;
    this.#ids = ids;
  }

  async append(post: NewPost): Promise<Post> {
    const row = { ...post, id: this.#ids.next() };
    this.#rows().put(row);
    return row;
  }

  async import(posts: readonly ImportedPost[]): Promise<readonly (number | undefined)[]> {
    for (const { id } of posts) if (id !== undefined) this.#ids.take(id);
    return posts.map((post) => {
      if (post.id !== undefined && this.#rows().get(post.id)) return undefined;
      const id = post.id ?? this.#ids.next();
      this.#rows().put({ ...post, id });
      return id;
    });
  }

  async findAny({ ids, authorIds, createdAt }: PostKeys): Promise<readonly Post[]> {
    const moments = new Set(createdAt.map(Number));
    const written = authorIds
      .flatMap((authorId) => this.#rows().withKey(authorId))
      .filter((post) => moments.has(Number(post.createdAt)))
      .map((post) => post.id);
    const found = [...new Set([...ids, ...written])].map((id) => this.#rows().get(id));
    return found.filter((post) => post !== undefined);
  }

  async lock(id: number): Promise<PostWithAuthor | undefined> {
    return withAuthor(this.#rows(), this.#transaction.users, id);
  }

  async update(id: number, changes: PostChanges): Promise<Post | undefined> {
    const row = this.#rows().get(id);
    if (!row) return undefined;
    const changed = withChanges(row, changes);
    this.#rows().put(changed);
    return changed;
  }

  async delete(id: number): Promise<boolean> {
    if (!this.#rows().get(id)) return false;
    this.#rows().remove(id);
    return true;
  }

  async purgeAllOf(authorId: number, limit: number): Promise<number> {
    return purgeWithKey(this.#rows(), authorId, limit);
  }

  #rows(): Rows<number, Post> {
    return this.#transaction.rows(this.#table);
  }
}

function withAuthor(posts: Rows<number, Post>, users: Rows<number, User>, id: number): PostWithAuthor | undefined {
  const post = posts.get(id);
  const author = post && users.get(post.authorId);
  if (!author) return undefined;
  const { name, profile, isActive } = author;
  return { post, author: { id: author.id, name, profile, isActive } };
}
