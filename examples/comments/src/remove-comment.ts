import { authorize, eventOf, Id, line, NoOutput, roles, useCase } from '@sallyport/core';
import * as v from 'valibot';
import type { WritingComments } from './comments.ts';
import { commentsErrors } from './errors.ts';

/** Deletes any comment, for a reason that the audit keeps. It is for moderators and admins. */
export const removeComment = useCase({
  caller: roles('moderator', 'admin'),
  joinable: true,
  input: v.object({ id: Id, reason: v.pipe(line(3, 200), v.examples(['Advertising'])) }),
  output: NoOutput,
  errors: ['comments.not_found'],
  async run({ unitOfWork, clock }: WritingComments, _caller, { id, reason }) {
    await unitOfWork.run(async (transaction) => {
      const { caller } = await authorize(transaction);
      const comment = await transaction.comments.lock(id);
      if (!comment) throw commentsErrors.refusal('comments.not_found');
      await transaction.comments.delete(id);
      const detail = { commentId: id, reason };
      await transaction.audit.append(eventOf('comments.deleted', caller, clock.now(), comment.authorId, detail));
    });
  },
});
