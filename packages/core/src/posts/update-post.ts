import * as v from 'valibot';
import { authorize, Id, useCase } from '../index.ts';
import { editedByAdmin, lockEditable } from './edit-post.ts';
import { postsErrors } from './errors.ts';
import { Content, type Post, PostView, Title, toPostView } from './post.ts';
import type { PostChanges, WritingPosts } from './posts.ts';

/** Changes, publishes or withdraws a post. A field that is absent or `null` keeps its value. */
export const updatePost = useCase({
  caller: 'member',
  joinable: true,
  input: v.object({
    id: Id,
    title: v.nullish(Title),
    content: v.nullish(Content),
    published: v.nullish(v.boolean()),
  }),
  output: PostView,
  errors: ['posts.update_denied', 'posts.not_found'],
  async run({ unitOfWork, clock }: WritingPosts, _caller, { id, title, content, published }) {
    const changes = { title: title ?? undefined, content: content ?? undefined, published: published ?? undefined };
    const post = await unitOfWork.run(async (transaction) => {
      const { caller } = await authorize(transaction);
      const { posts, audit } = transaction;
      const before = await lockEditable(posts, id, caller, 'posts.update_denied');
      if (!differs(before, changes)) return before;
      for (const event of editedByAdmin('posts.updated', caller, clock.now(), before)) await audit.append(event);
      return posts.update(id, changes);
    });
    if (!post) throw postsErrors.refusal('posts.not_found');
    return toPostView(post);
  },
});

function differs(post: Post, changes: PostChanges): boolean {
  return (['title', 'content', 'published'] as const).some(
    (field) => changes[field] !== undefined && changes[field] !== post[field],
  );
}
