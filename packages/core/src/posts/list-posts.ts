import * as v from 'valibot';
import { type Anyone, isAdmin, isMember, type Page, pageEntries, pageOf, readPage, useCase } from '../index.ts';
import { PostView, toPostView } from './post.ts';
import type { PostFilter, PostsPorts } from './posts.ts';

/** The same rule as `canReadPost`, as a filter of the store. */
function readableBy(caller: Anyone): PostFilter {
  if (isAdmin(caller)) return {};
  return isMember(caller) ? { draftsOf: caller.user.id, byActive: true } : { published: true, byActive: true };
}

/** The posts that the caller may read, newest first. */
export const listPosts = useCase({
  caller: 'anyone',
  joinable: true,
  input: v.object({
    ...pageEntries,
    published: v.optional(v.pipe(v.boolean(), v.description('Published posts alone, or drafts alone.'))),
  }),
  output: pageOf(PostView),
  errors: [],
  async run({ posts }: PostsPorts, caller, { published, ...page }): Promise<Page<PostView>> {
    const readable = readableBy(caller);
    if (published === false && readable.published === true) return { items: [] };
    const filter = published === undefined ? readable : { ...readable, published };
    return readPage(page, (rows) => posts.list(filter, rows), toPostView);
  },
});

/** The caller's own posts, including drafts, newest first. */
export const listMyPosts = useCase({
  caller: 'member',
  joinable: true,
  input: v.object(pageEntries),
  output: pageOf(PostView),
  errors: [],
  async run({ posts }: PostsPorts, { user }, page) {
    return readPage(page, (rows) => posts.list({ authorId: user.id }, rows), toPostView);
  },
});
