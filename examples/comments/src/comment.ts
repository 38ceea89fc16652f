import { Id, prose, type UserId } from '@sallyport/core';
import type { PostId, PostWithAuthor } from '@sallyport/core/posts';
import * as v from 'valibot';

export type CommentId = number;

/** What a member wrote about a published post. */
export interface Comment {
  readonly id: CommentId;
  readonly postId: PostId;
  /** The author of the post. If their account is closed, the comments on their posts are deleted with it. */
  readonly postAuthorId: UserId;
  readonly authorId: UserId;
  readonly text: string;
  readonly createdAt: Date;
}

export const CommentText = v.pipe(prose(1, 2_000), v.examples(['Well said.']));

/** A comment as its readers see it. */
export const CommentView = v.pipe(
  v.object({ id: Id, postId: Id, authorId: Id, text: v.string(), createdAt: v.date() }),
  v.title('Comment'),
);
export type CommentView = v.InferOutput<typeof CommentView>;

export function toCommentView({ id, postId, authorId, text, createdAt }: Comment): CommentView {
  return { id, postId, authorId, text, createdAt };
}

/** Every caller may comment on what an active member has published, and read the comments on it. */
export function hasComments({ post, author }: PostWithAuthor): boolean {
  return post.published && author.isActive;
}
