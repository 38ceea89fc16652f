import { fileURLToPath } from 'node:url';
import type { PostsPorts, PostsTransaction } from '@sallyport/core/posts';
import type { PostgresPart } from '../part.ts';
import { PostgresPosts, PostgresWritablePosts } from './postgres-posts.ts';

/** The posts of a store on Postgres. */
export const postgresPosts: PostgresPart<PostsPorts, PostsTransaction> = {
  name: 'posts',
  directory: fileURLToPath(new URL('../../migrations/posts', import.meta.url)),
  wasInFirstVersion: true,
  ports: (queries) => ({ posts: new PostgresPosts(queries) }),
  repositories: (queries) => ({ posts: new PostgresWritablePosts(queries) }),
};
