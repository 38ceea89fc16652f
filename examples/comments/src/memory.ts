import {
  type DatabaseDraft,
  type MemoryPart,
  type PartOfStore,
  purgeWithKey,
  type Rows,
  Sequence,
  Table,
} from '@sallyport/adapters-memory';
import type { StorePage } from '@sallyport/core';
import type { Comment } from './comment.ts';
import type { Comments, CommentsPorts, CommentsTransaction, NewComment, WritableComments } from './comments.ts';

type CommentTable = Table<number, Comment>;

const onPost = (postId: number) => `post ${postId}`;
const ofUser = (userId: number) => `user ${userId}`;

/** The comments of a store in memory. */
export const memoryComments: MemoryPart<CommentsPorts, CommentsTransaction> = (store) => {
  const table: CommentTable = new Table(({ postId, postAuthorId, authorId }) => [
    ...new Set([onPost(postId), ofUser(postAuthorId), ofUser(authorId)]),
  ]);
  const ids = new Sequence();
  return {
    ports: { comments: new MemoryComments(store, table) },
    repositories: (transaction) => ({ comments: new MemoryWritableComments(transaction, table, ids) }),
  };
};

class MemoryComments implements Comments {
  readonly #store: PartOfStore;
  readonly #table: CommentTable;

  constructor(store: PartOfStore, table: CommentTable) {
    this.#store = store;
    this.#table = table;
  }

  async list(postId: number, { skip, limit, after = 0 }: StorePage): Promise<readonly Comment[]> {
    const users = this.#store.users();
    return this.#store
      .committed(this.#table)
      .withKey(onPost(postId))
      .filter(({ id, authorId }) => id > after && users.get(authorId)?.isActive)
      .toSorted((one, other) => one.id - other.id)
      .slice(skip, skip + limit);
  }
}

class MemoryWritableComments implements WritableComments {
  readonly #transaction: DatabaseDraft;
  readonly #table: CommentTable;
  readonly #ids: Sequence;

  constructor(transaction: DatabaseDraft, table: CommentTable, ids: Sequence) {
    this.#transaction = transaction;
    this.#table = table;
    this.#ids = ids;
  }

  async append(comment: NewComment): Promise<Comment> {
    const row = { ...comment, id: this.#ids.next() };
    this.#rows().put(row);
    return row;
  }

  async lock(id: number): Promise<Comment | undefined> {
    return this.#rows().get(id);
  }

  async delete(id: number): Promise<boolean> {
    if (!this.#rows().get(id)) return false;
    this.#rows().remove(id);
    return true;
  }

  async purgeAllOf(userId: number, limit: number): Promise<number> {
    return purgeWithKey(this.#rows(), ofUser(userId), limit);
  }

  #rows(): Rows<number, Comment> {
    return this.#transaction.rows(this.#table);
  }
}
