import type { Ports, StorePage, Transaction, UnitOfWork, UserId } from '@sallyport/core';
import type { PostId, PostsTransaction } from '@sallyport/core/posts';
import type { Comment, CommentId } from './comment.ts';

/** Reads comments, outside any transaction. */
export interface Comments {
  /**
   * The comments on a post by authors who are active, by ascending id, oldest first. The page starts behind the id
   * `page.after`.
   */
  list(postId: PostId, page: StorePage): Promise<readonly Comment[]>;
}

/** A comment that is not stored yet. */
export type NewComment = Omit<Comment, 'id'>;

/** Writes comments, inside a transaction. */
export interface WritableComments {
  /** Stores a comment under the next free id; ids are never reused. */
  append(comment: NewComment): Promise<Comment>;

  /** The comment with this id. Every other transaction is kept from changing it until this one ends. */
  lock(id: CommentId): Promise<Comment | undefined>;

  /** Removes a comment, and returns whether it existed. */
  delete(id: CommentId): Promise<boolean>;

  /**
   * Removes at most so many comments by this user or on posts of this user, and returns how many: 0 only if none is
   * left.
   */
  purgeAllOf(userId: UserId, limit: number): Promise<number>;
}

/** What the module needs of a store, outside transactions. */
export interface CommentsPorts {
  readonly comments: Comments;
}

/** What the module adds to a transaction. */
export interface CommentsTransaction {
  readonly comments: WritableComments;
}

/** What a use case needs that writes comments. */
export interface WritingComments extends Pick<Ports, 'clock'> {
  readonly unitOfWork: UnitOfWork<Pick<Transaction, 'audit' | 'outbox'> & PostsTransaction & CommentsTransaction>;
}
