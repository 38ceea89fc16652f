import type {
  NewPost,
  Post,
  PostChanges,
  PostFilter,
  Posts,
  PostWithAuthor,
  StorePage,
  User,
  WritablePosts,
} from '@sallyport/core';
import { type Database, type DatabaseDraft, purgeWithKey, readRows, withChanges } from './database.ts';
import type { Rows } from './table.ts';

export class MemoryPosts implements Posts {
  readonly #committed: () => Database;
  constructor(committed: () => Database) {
    this.#committed = committed;
  }

  async findWithAuthor(id: number): Promise<PostWithAuthor | undefined> {
    return withAuthor(this.#committed(), id);
  }

  async list({ authorId, published, draftsOf, byActive }: PostFilter, page: StorePage): Promise<readonly Post[]> {
    const { posts, users, ids } = this.#committed();
    const isShown = (author: User | undefined) => author !== undefined && (author.isActive || byActive !== true);
    const matches = (post: Post) =>
      isShown(users.get(post.authorId)) &&
      (authorId === undefined || post.authorId === authorId) &&
      (published === undefined || post.published === published) &&
      (draftsOf === undefined || post.published || post.authorId === draftsOf);
    return readRows(ids.post.from(page.after, 'down'), (id) => posts.get(id), matches, page);
  }
}

export class MemoryWritablePosts implements WritablePosts {
  readonly #draft: DatabaseDraft;
  constructor(draft: DatabaseDraft) {
    this.#draft = draft;
  }

  async append(post: NewPost): Promise<Post> {
    const row = { ...post, id: this.#draft.ids.post.next() };
    this.#draft.posts.put(row);
    return row;
  }

  async lock(id: number): Promise<PostWithAuthor | undefined> {
    return withAuthor(this.#draft, id);
  }

  async update(id: number, changes: PostChanges): Promise<Post | undefined> {
    const row = this.#draft.posts.get(id);
    if (!row) return undefined;
    const changed = withChanges(row, changes);
    this.#draft.posts.put(changed);
    return changed;
  }

  async delete(id: number): Promise<boolean> {
    if (!this.#draft.posts.get(id)) return false;
    this.#draft.posts.remove(id);
    return true;
  }

  async purgeAllOf(authorId: number, limit: number): Promise<number> {
    return purgeWithKey(this.#draft.posts, authorId, limit);
  }
}

interface ReadableRows {
  readonly posts: Rows<number, Post>;
  readonly users: Rows<number, User>;
}

function withAuthor({ posts, users }: ReadableRows, id: number): PostWithAuthor | undefined {
  const post = posts.get(id);
  const author = post && users.get(post.authorId);
  if (!author) return undefined;
  const { name, profile, isActive } = author;
  return { post, author: { id: author.id, name, profile, isActive } };
}
