import type { Member } from '../model/caller.ts';
import { SallyportError } from '../model/errors.ts';
import type { WritablePosts } from '../ports/posts.ts';
import { canEditPost, canReadPost, type PostId } from '../model/post.ts';

/**
 * Locks a post that the caller may edit.
 *
 * @throws SallyportError `post_not_found` also for a draft they may not see; `denied` for any other
 */
export async function lockEditable(
  posts: WritablePosts,
  id: PostId,
  caller: Member,
  denied: 'post_update_denied' | 'post_delete_denied',
): Promise<void> {
  const post = await posts.lock(id);
  if (!post || !canReadPost(caller, post)) throw new SallyportError('post_not_found');
  if (!canEditPost(caller, post)) throw new SallyportError(denied);
}
