import { moduleErrors } from '@sallyport/core';

/** The refusals of the module. */
export const commentsErrors = moduleErrors({
  'comments.not_found': 'Comment not found',
  'comments.post_not_found': 'Post not found',
  'comments.delete_denied': 'Not authorized to delete this comment',
});
