import * as v from 'valibot';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import { canReadPost, PostView, toPostView } from '../model/post.ts';
import type { Ports } from '../ports/ports.ts';
import { useCase } from '../use-case.ts';

/** A post and what every reader may know of its author. */
export const PostWithAuthorView = v.object({
  ...PostView.entries,
  author: v.object({ id: Id, name: v.string(), city: v.string() }),
});
export type PostWithAuthorView = v.InferOutput<typeof PostWithAuthorView>;

/** One post. A draft that the caller may not see does not exist for them. */
export const getPost = useCase({
  caller: 'anyone',
  input: v.object({ id: Id }),
  output: PostWithAuthorView,
  errors: ['post_not_found'],
  async run({ posts }: Pick<Ports, 'posts'>, caller, { id }): Promise<PostWithAuthorView> {
    const found = await posts.findWithAuthor(id);
    if (!found || !canReadPost(caller, found.post)) throw new SallyportError('post_not_found');
    return { ...toPostView(found.post), author: found.author };
  },
});
