import * as v from 'valibot';
import { authorize } from '../authorize.ts';
import { admit, type Limiting } from '../limits/admit.ts';
import { Content, PostView, Title, toPostView } from '../model/post.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** Creates a draft by the caller. */
export const createPost = useCase({
  caller: 'member',
  input: v.object({ title: Title, content: Content }),
  output: PostView,
  errors: ['rate_limited'],
  async run(needs: Limiting & Pick<Ports, 'unitOfWork'>, caller, text) {
    const { unitOfWork, clock } = needs;
    await admit(needs, 'createPost', caller, caller.user.id);
    const post = await unitOfWork.run(async (transaction) => {
      await authorize(transaction);
      const draft = { ...text, published: false, authorId: caller.user.id, createdAt: clock.now() };
      return transaction.posts.append(draft);
    });
    return toPostView(post);
  },
});
