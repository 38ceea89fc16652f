import { posts } from '@sallyport/core/posts';
import { type HttpModule, routesOf } from '../index.ts';

/**
 * Posts over HTTP: `createHttpApi({ …, modules: [httpPosts()] })`.
 *
 * @param module the module that the application was created with
 */
export function httpPosts(module: Pick<typeof posts, 'name' | 'useCases'> = posts): HttpModule {
  const route = routesOf(module);
  return {
    routes: [
      route('POST /posts', 'createPost', { summary: 'Write a draft', status: 201 }),
      route('GET /posts', 'listPosts', { summary: 'List the posts you may read', bearer: 'optional' }),
      route('GET /posts/my', 'listMyPosts', { summary: 'List your posts, drafts too' }),
      route('GET /posts/{id}', 'getPost', { summary: 'Read a post', bearer: 'optional' }),
      route('PATCH /posts/{id}', 'updatePost', { summary: 'Change, publish or withdraw a post' }),
      route('DELETE /posts/{id}', 'deletePost', { summary: 'Delete a post', status: 204 }),
    ],
    problems: {
      'posts.not_found': { status: 404, title: 'Not found', uri: 'post_not_found' },
      'posts.update_denied': { status: 403, title: 'Forbidden', uri: 'post_update_denied' },
      'posts.delete_denied': { status: 403, title: 'Forbidden', uri: 'post_delete_denied' },
    },
  };
}
