import { type DomainEvent, eventOf, type Member } from '../index.ts';
import { postsErrors } from './errors.ts';
import { canEditPost, canReadPost, type Post, type PostId } from './post.ts';
import type { WritablePosts } from './posts.ts';

/**
 * Locks a post that the caller may edit.
 *
 * @throws SallyportError `posts.not_found` also for a post that the caller may not see; `denied` for any other post
 */
export async function lockEditable(
  posts: WritablePosts,
  id: PostId,
  caller: Member,
  denied: 'posts.update_denied' | 'posts.delete_denied',
): Promise<Post> {
  const found = await posts.lock(id);
  if (!found || !canReadPost(caller, found)) throw postsErrors.refusal('posts.not_found');
  if (!canEditPost(caller, found.post)) throw postsErrors.refusal(denied);
  return found.post;
}

/** The events that the module records. */
export const postsEvents = ['posts.updated', 'posts.deleted'] as const;

/** The audit event if an admin changed another author's post. What authors do to their own posts is not audited. */
export function editedByAdmin(
  type: (typeof postsEvents)[number],
  caller: Member,
  at: Date,
  { id, authorId }: Post,
): readonly DomainEvent[] {
  return caller.user.id === authorId ? [] : [eventOf(type, caller, at, authorId, { postId: id })];
}
