import * as v from 'valibot';
import { authorize, Id, NoOutput, useCase } from '../index.ts';
import { editedByAdmin, lockEditable } from './edit-post.ts';
import type { WritingPosts } from './posts.ts';

/** Deletes a post. */
export const deletePost = useCase({
  caller: 'member',
  joinable: true,
  input: v.object({ id: Id }),
  output: NoOutput,
  errors: ['posts.delete_denied', 'posts.not_found'],
  async run({ unitOfWork, clock }: WritingPosts, _caller, { id }) {
    await unitOfWork.run(async (transaction) => {
      const { caller } = await authorize(transaction);
      const { posts, audit } = transaction;
      const post = await lockEditable(posts, id, caller, 'posts.delete_denied');
      for (const event of editedByAdmin('posts.deleted', caller, clock.now(), post)) await audit.append(event);
      await posts.delete(id);
    });
  },
});
