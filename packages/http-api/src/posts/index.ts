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
      route('POST /posts', 'createPost', {
        summary: 'Write a draft',
        description: 'Only you and admins see a draft. Publish it by `updatePost`.',
        status: 201,
      }),
      route('GET /posts', 'listPosts', {
        summary: 'List the posts you may read',
        description:
          'Published posts of active members and, with a token, your own drafts. The newest post comes first.',
        bearer: 'optional',
      }),
      route('GET /posts/my', 'listMyPosts', {
        summary: 'List your posts',
        description: 'Drafts too. The newest post comes first.',
      }),
      route('GET /posts/{id}', 'getPost', {
        summary: 'Read a post',
        description: 'With the fields of its author that every reader may see.',
        bearer: 'optional',
      }),
      route('PATCH /posts/{id}', 'updatePost', {
        summary: 'Change, publish or withdraw a post',
        description: 'For its author and admins. A field that is absent or null keeps its value.',
      }),
      route('DELETE /posts/{id}', 'deletePost', {
        summary: 'Delete a post',
        description: 'For its author and admins.',
        status: 204,
      }),
    ],
    tags: { posts: 'Posts with drafts, which belong to their authors.' },
    problems: {
      'posts.not_found': { status: 404, title: 'Not found', uri: 'post_not_found' },
      'posts.update_denied': { status: 403, title: 'Forbidden', uri: 'post_update_denied' },
      'posts.delete_denied': { status: 403, title: 'Forbidden', uri: 'post_delete_denied' },
    },
  };
}
