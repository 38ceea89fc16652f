import {
  admit,
  authorize,
  Id,
  type Limit,
  type Limiting,
  type Mailing,
  type ModuleName,
  type Ports,
  queueMail,
  useCase,
} from '@sallyport/core';
import type { PostsPorts } from '@sallyport/core/posts';
import * as v from 'valibot';
import { CommentText, CommentView, hasComments, toCommentView } from './comment.ts';
import type { WritingComments } from './comments.ts';
import { commentsErrors } from './errors.ts';

const limit = 'comments.add';

export const commentsLimits: Readonly<Record<ModuleName, Limit>> = {
  [limit]: { byAccount: { attempts: 60, seconds: 3600 } },
};

type Needs = Limiting & Mailing & WritingComments & PostsPorts & Pick<Ports, 'users'>;

/** Comments on a published post, and mails its author, unless they wrote the comment themselves. */
export const addComment = useCase({
  caller: 'member',
  joinable: true,
  input: v.object({ postId: Id, text: CommentText }),
  output: CommentView,
  errors: ['comments.post_not_found', 'rate_limited'],
  async run(needs: Needs, caller, { postId, text }) {
    const { posts, users, unitOfWork, clock } = needs;
    await admit(needs, limit, caller, caller.user.id);
    const found = await posts.findWithAuthor(postId);
    const author = found && (await users.findById(found.author.id));
    const comment = await unitOfWork.run(async (transaction) => {
      await authorize(transaction);
      // The post may have been withdrawn or deleted since.
      const current = await transaction.posts.lock(postId);
      if (!author || !current || !hasComments(current)) throw commentsErrors.refusal('comments.post_not_found');
      const createdAt = clock.now();
      if (author.id !== caller.user.id) {
        const { id: userId, email } = author;
        const data = { title: current.post.title };
        await queueMail(needs, transaction, caller, {
          kind: 'comments.added',
          email,
          userId,
          queuedAt: createdAt,
          data,
        });
      }
      return transaction.comments.append({
        postId,
        postAuthorId: author.id,
        authorId: caller.user.id,
        text,
        createdAt,
      });
    });
    return toCommentView(comment);
  },
});
