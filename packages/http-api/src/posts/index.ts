import {
  createPost,
  deletePost,
  getPost,
  listMyPosts,
  listPosts,
  type Policy,
  PostView,
  PostWithAuthorView,
  updatePost,
} from '@sallyport/core';
import * as v from 'valibot';
import { type HttpModule, route, withProfileFields } from '../index.ts';

/** Posts over HTTP: `createHttpApi({ …, modules: [httpPosts] })`. */
export const httpPosts: HttpModule = {
  routes: [
    route('POST /posts', createPost, (application) => application.createPost, {
      summary: 'Write a draft',
      status: 201,
    }),
    route('GET /posts', listPosts, (application) => application.listPosts, {
      summary: 'List the posts you may read',
      bearer: 'optional',
    }),
    route('GET /posts/my', listMyPosts, (application) => application.listMyPosts, {
      summary: 'List your posts, drafts too',
    }),
    route('GET /posts/{id}', getPost, (application) => application.getPost, {
      summary: 'Read a post',
      bearer: 'optional',
    }),
    route('PATCH /posts/{id}', updatePost, (application) => application.updatePost, {
      summary: 'Change, publish or withdraw a post',
    }),
    route('DELETE /posts/{id}', deletePost, (application) => application.deletePost, {
      summary: 'Delete a post',
      status: 204,
    }),
  ],
  problems: {
    post_not_found: { status: 404, title: 'Not found' },
    post_update_denied: { status: 403, title: 'Forbidden' },
    post_delete_denied: { status: 403, title: 'Forbidden' },
  },
  schemas: [
    { name: 'Post', view: PostView },
    { name: 'PostWithAuthor', view: PostWithAuthorView, under: postWithAuthorSchema },
  ],
};

/** The schema of a post, with the fields of its author that it shows. */
function postWithAuthorSchema(policy: Policy): v.GenericSchema {
  const { author, ...post } = PostWithAuthorView.entries;
  return v.object({ ...post, author: v.object(withProfileFields(author.entries, policy, policy.authorFields)) });
}
