import type { Member } from '../model/caller.ts';
import { type DomainEvent, eventOf } from '../model/domain-event.ts';
import { SallyportError } from '../model/errors.ts';
import { canEditPost, canReadPost, type Post, type PostId } from '../model/post.ts';
import type { WritablePosts } from '../ports/posts.ts';

/**
 * Locks a post that the caller may edit.
 *
 * @throws SallyportError `post_not_found` also for a post that the caller may not see; `denied` for any other post
 */
export async function lockEditable(
  posts: WritablePosts,
  id: PostId,
  caller: Member,
  denied: 'post_update_denied' | 'post_delete_denied',
): Promise<Post> {
  const found = await posts.lock(id);
  if (!found || !canReadPost(caller, found)) throw new SallyportError('post_not_found');
  if (!canEditPost(caller, found.post)) throw new SallyportError(denied);
  return found.post;
}

/** The audit event if an admin changed another author's post. What authors do to their own posts is not audited. */
export function editedByAdmin(
  type: 'posts.updated' | 'posts.deleted',
  caller: Member,
  at: Date,
  { id, authorId }: Post,
): readonly DomainEvent[] {
  return caller.user.id === authorId ? [] : [eventOf(type, caller, at, authorId, { postId: id })];
}
