import * as v from 'valibot';
import { authorize } from '../authorize.ts';
import { Id, NoOutput } from '../model/input.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';
import { editedByAdmin, lockEditable } from './edit-post.ts';

/** Deletes a post. */
export const deletePost = useCase({
  caller: 'member',
  input: v.object({ id: Id }),
  output: NoOutput,
  errors: ['post_delete_denied', 'post_not_found'],
  async run({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>, _caller, { id }) {
    await unitOfWork.run(async (transaction) => {
      const { caller } = await authorize(transaction);
      const { posts, audit } = transaction;
      const post = await lockEditable(posts, id, caller, 'post_delete_denied');
      for (const event of editedByAdmin('posts.deleted', caller, clock.now(), post)) await audit.append(event);
      await posts.delete(id);
    });
  },
});
