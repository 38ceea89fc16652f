import { configurable, defineModule } from '../index.ts';
import { createPost, postsLimits } from './create-post.ts';
import { deletePost } from './delete-post.ts';
import { postsEvents } from './edit-post.ts';
import { postsErrors } from './errors.ts';
import { exportPosts } from './export-posts.ts';
import { getPost, type PostsOptions, refuseUnknownFields } from './get-post.ts';
import { importPosts, postRecord } from './import-posts.ts';
import { listMyPosts, listPosts } from './list-posts.ts';
import type { PostsTransaction } from './posts.ts';
import { updatePost } from './update-post.ts';

const useCasesWith = (options: PostsOptions) => ({
  createPost,
  listPosts,
  listMyPosts,
  getPost: getPost(options),
  updatePost,
  deletePost,
  importPosts,
  exportPosts,
});

/** The use cases of the module. Editors and declarations show this name instead of a hundred lines. */
export type PostsUseCases = {
  readonly [Name in keyof ReturnType<typeof useCasesWith>]: ReturnType<typeof useCasesWith>[Name];
};

/** Posts with drafts, which belong to their authors: `posts`, or `posts({ author: ['city'] })`. */
export const posts = configurable((options: PostsOptions) => {
  const useCases: PostsUseCases = useCasesWith(options);
  return defineModule({
    name: 'posts',
    useCases,
    errors: postsErrors,
    events: postsEvents,
    limits: postsLimits,
    records: { post: { schema: postRecord, importWith: 'importPosts', exportWith: 'exportPosts' } },
    checkPolicy: (policy) => refuseUnknownFields(options, policy),
    purgeAccount: (transaction: PostsTransaction, userId, limit) => transaction.posts.purgeAllOf(userId, limit),
  });
});

export type { PostsOptions, PostWithAuthorView } from './get-post.ts';
export type { PostRecord } from './import-posts.ts';
export { canEditPost, canReadPost, type Post, type PostId, PostView, type PostWithAuthor } from './post.ts';
export type {
  ImportedPost,
  NewPost,
  PostChanges,
  PostFilter,
  PostKeys,
  Posts,
  PostsPorts,
  PostsTransaction,
  WritablePosts,
  WritingPosts,
} from './posts.ts';
