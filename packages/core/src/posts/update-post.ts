import * as v from 'valibot';
import { authorize } from '../authorize.ts';
import { SallyportError } from '../model/errors.ts';
import { Id } from '../model/input.ts';
import { Content, type Post, PostView, Title, toPostView } from '../model/post.ts';
import type { Ports } from '../ports/ports.ts';
import type { PostChanges } from '../ports/posts.ts';
import { useCase } from '../use-case.ts';
import { editedByAdmin, lockEditable } from './edit-post.ts';

/** Changes, publishes or withdraws a post. A field that is absent or `null` keeps its value. */
export const updatePost = useCase({
  caller: 'member',
  input: v.object({
    id: Id,
    title: v.nullish(Title),
    content: v.nullish(Content),
    published: v.nullish(v.boolean()),
  }),
  output: PostView,
  errors: ['post_update_denied', 'post_not_found'],
  async run({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>, _caller, { id, title, content, published }) {
    const changes = { title: title ?? undefined, content: content ?? undefined, published: published ?? undefined };
    const post = await unitOfWork.run(async (transaction) => {
      const { caller } = await authorize(transaction);
      const { posts, audit } = transaction;
      const before = await lockEditable(posts, id, caller, 'post_update_denied');
      if (!differs(before, changes)) return before;
      for (const event of editedByAdmin('posts.updated', caller, clock.now(), before)) await audit.append(event);
      return posts.update(id, changes);
    });
    if (!post) throw new SallyportError('post_not_found');
    return toPostView(post);
  },
});

function differs(post: Post, changes: PostChanges): boolean {
  return (['title', 'content', 'published'] as const).some(
    (field) => changes[field] !== undefined && changes[field] !== post[field],
  );
}
