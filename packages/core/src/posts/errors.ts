import { moduleErrors } from '../index.ts';

/** The refusals of the module. */
export const postsErrors = moduleErrors({
  'posts.not_found': 'Post not found',
  'posts.update_denied': 'Not authorized to update this post',
  'posts.delete_denied': 'Not authorized to delete this post',
});
