import { Id, pageEntries, pageOf, readPage, useCase } from '@sallyport/core';
import type { PostsPorts } from '@sallyport/core/posts';
import * as v from 'valibot';
import { CommentView, hasComments, toCommentView } from './comment.ts';
import type { CommentsPorts } from './comments.ts';
import { commentsErrors } from './errors.ts';

/** The comments on a published post, oldest first. */
export const listComments = useCase({
  caller: 'anyone',
  joinable: true,
  input: v.object({ postId: Id, ...pageEntries }),
  output: pageOf(CommentView),
  errors: ['comments.post_not_found'],
  async run({ posts, comments }: PostsPorts & CommentsPorts, _caller, { postId, ...page }) {
    const found = await posts.findWithAuthor(postId);
    if (!found || !hasComments(found)) throw commentsErrors.refusal('comments.post_not_found');
    return readPage(page, (rows) => comments.list(postId, rows), toCommentView);
  },
});
