import { type HttpModule, routesOf } from '@sallyport/http-api';
import { comments } from './index.ts';

const route = routesOf(comments);

/** Comments over HTTP: `createHttpApi({ …, modules: [httpPosts(), httpComments] })`. */
export const httpComments: HttpModule = {
  routes: [
    route('POST /posts/{post_id}/comments', 'addComment', { summary: 'Comment on a post', status: 201 }),
    route('GET /posts/{post_id}/comments', 'listComments', { summary: 'List the comments on a post' }),
    route('DELETE /comments/{id}', 'deleteComment', { summary: 'Delete your comment', status: 204 }),
    route('POST /comments/{id}/removal', 'removeComment', { summary: 'Delete any comment', status: 204 }),
  ],
  problems: {
    'comments.not_found': { status: 404, title: 'Not found' },
    'comments.post_not_found': { status: 404, title: 'Not found' },
    'comments.delete_denied': { status: 403, title: 'Forbidden' },
  },
};
