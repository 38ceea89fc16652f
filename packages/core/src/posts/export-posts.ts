import * as v from 'valibot';
import { exportEntries, pageOf, readPage, useCase } from '../index.ts';
import { PostView, toPostView } from './post.ts';
import type { PostsPorts } from './posts.ts';

/** Every post whose author's account exists, newest first, page by page, as an import reads it. */
export const exportPosts = useCase({
  caller: 'system',
  input: v.object(exportEntries),
  output: pageOf(PostView),
  errors: [],
  async run({ posts }: PostsPorts, _, { after, limit }) {
    return readPage({ skip: 0, limit, after }, (page) => posts.list({}, page), toPostView);
  },
});
