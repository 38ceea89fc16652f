import * as v from 'valibot';
import { admit, authorize, type Limit, type Limiting, type ModuleName, useCase } from '../index.ts';
import { Content, PostView, Title, toPostView } from './post.ts';
import type { WritingPosts } from './posts.ts';

const limit = 'posts.create';

/** More than a person writes, and far less than a script. */
export const postsLimits: Readonly<Record<ModuleName, Limit>> = {
  [limit]: { byAccount: { attempts: 300, seconds: 3600 } },
};

/** Creates a draft by the caller. */
export const createPost = useCase({
  caller: 'member',
  joinable: true,
  input: v.object({ title: Title, content: Content }),
  output: PostView,
  errors: ['rate_limited'],
  async run(needs: Limiting & WritingPosts, caller, text) {
    const { unitOfWork, clock } = needs;
    await admit(needs, limit, caller, caller.user.id);
    const post = await unitOfWork.run(async (transaction) => {
      await authorize(transaction);
      const draft = { ...text, published: false, authorId: caller.user.id, createdAt: clock.now() };
      return transaction.posts.append(draft);
    });
    return toPostView(post);
  },
});
