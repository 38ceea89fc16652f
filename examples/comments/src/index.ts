import { defineModule } from '@sallyport/core';
import { addComment, commentsLimits } from './add-comment.ts';
import type { CommentsTransaction } from './comments.ts';
import { deleteComment } from './delete-comment.ts';
import { commentsErrors } from './errors.ts';
import { listComments } from './list-comments.ts';
import { commentsMails } from './mails.ts';
import { removeComment } from './remove-comment.ts';

const declared = { addComment, listComments, deleteComment, removeComment };

/** The use cases of the module. Editors and declarations show this name instead of every schema. */
export type CommentsUseCases = { readonly [Name in keyof typeof declared]: (typeof declared)[Name] };

const useCases: CommentsUseCases = declared;

/** Comments on posts. The host declares the role `moderator`, and adds the module `posts` too. */
export const comments = defineModule({
  name: 'comments',
  useCases,
  errors: commentsErrors,
  events: ['comments.deleted'],
  limits: commentsLimits,
  mails: commentsMails,
  purgeAccount: (transaction: CommentsTransaction, userId, limit) => transaction.comments.purgeAllOf(userId, limit),
});

export { type Comment, type CommentId, CommentView } from './comment.ts';
export type {
  Comments,
  CommentsPorts,
  CommentsTransaction,
  NewComment,
  WritableComments,
  WritingComments,
} from './comments.ts';
