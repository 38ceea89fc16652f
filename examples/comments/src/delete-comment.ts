import { authorize, Id, NoOutput, useCase } from '@sallyport/core';
import * as v from 'valibot';
import type { WritingComments } from './comments.ts';
import { commentsErrors } from './errors.ts';

/** Deletes one of the caller's own comments. */
export const deleteComment = useCase({
  caller: 'member',
  joinable: true,
  input: v.object({ id: Id }),
  output: NoOutput,
  errors: ['comments.not_found', 'comments.delete_denied'],
  async run({ unitOfWork }: WritingComments, { user }, { id }) {
    await unitOfWork.run(async (transaction) => {
      await authorize(transaction);
      const comment = await transaction.comments.lock(id);
      if (!comment) throw commentsErrors.refusal('comments.not_found');
      if (comment.authorId !== user.id) throw commentsErrors.refusal('comments.delete_denied');
      await transaction.comments.delete(id);
    });
  },
});
