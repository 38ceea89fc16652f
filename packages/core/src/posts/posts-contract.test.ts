import { memoryStore } from '@sallyport/adapters-memory';
import { memoryPosts } from '@sallyport/adapters-memory/posts';
import { describe, expect, it } from 'vitest';
import { changed, failedCases } from '../../test/canaries.ts';
import { arrangeIn, later, noon } from '../contracts/index.ts';
import type { Post, Posts, WritablePosts } from './index.ts';
import { postsContract, type PostsInstance } from './posts-contract.ts';

/** A store in memory for the contract, with some methods of its posts replaced. */
function opened(
  reads: (posts: Posts) => Partial<Posts> = () => ({}),
  writes: (posts: WritablePosts) => Partial<WritablePosts> = () => ({}),
): PostsInstance {
  const { posts, audit, unitOfWork } = memoryStore([memoryPosts]);
  const store = {
    posts: changed(posts, reads(posts)),
    audit,
    unitOfWork: {
      run: ((work) =>
        unitOfWork.run((transaction) =>
          work({ ...transaction, posts: changed(transaction.posts, writes(transaction.posts)) }),
        )) as PostsInstance['unitOfWork']['run'],
    },
  };
  return { ...store, arrange: arrangeIn({ unitOfWork }) };
}

describe('The contract of posts', () => {
  it('fails a store that shows the posts of a deleted author', async () => {
    const contract = postsContract(() => {
      const store = opened();
      const deleteUser = (id: number) => store.arrange.updateUser(id, { isActive: false });
      return { ...store, arrange: { ...store.arrange, deleteUser } };
    });
    expect(await failedCases(contract)).toEqual([
      'faithful: a post whose author was deleted is neither found, listed nor locked, but is purged',
    ]);
  });

  it('fails a store that lists the posts of deactivated authors among those of active ones', async () => {
    const contract = postsContract(() =>
      opened((posts) => ({ list: ({ byActive: _, ...filter }, page) => posts.list(filter, page) })),
    );
    expect(await failedCases(contract)).toEqual([
      'faithful: a list of posts by active authors leaves out those by deactivated ones',
    ]);
  });

  it('fails a store that purges the oldest posts first', async () => {
    const contract = postsContract(() => {
      const oldestFirst: Post[] = [];
      return opened(undefined, (posts) => ({
        async append(post) {
          const appended = await posts.append(post);
          oldestFirst.push(appended);
          return appended;
        },
        async purgeAllOf(authorId, limit) {
          let purged = 0;
          for (const post of oldestFirst.filter((one) => one.authorId === authorId)) {
            if (purged < limit && (await posts.delete(post.id))) purged += 1;
          }
          return purged;
        },
      }));
    });
    expect(await failedCases(contract)).toEqual([
      'faithful: all posts of one author are purged in batches, the newest first',
    ]);
  });

  it.each<[string, string, (posts: WritablePosts) => Partial<WritablePosts>]>([
    [
      'gives imported posts new numbers',
      'faithful: imported posts are stored as they are, under their own ids or the next free ones, in the order of the list',
      (posts) => ({ import: (imported) => posts.import(imported.map(({ id: _, ...post }) => post)) }),
    ],
    [
      'overwrites the post that has the id of an imported one',
      'unique: an imported post whose id another one has is left out, and later ids are greater than imported ones',
      (posts) => ({
        async import(imported) {
          for (const { id } of imported) if (id !== undefined) await posts.delete(id);
          return posts.import(imported);
        },
      }),
    ],
    [
      'gives out ids without a bound',
      'unique: no post gets an id that is greater than those that the API accepts',
      () => ({ append: async (post) => ({ ...post, id: 1e15 }) }),
    ],
    [
      'finds every post of an author',
      'faithful: posts are found by any of several ids, or by author and time together, each of them once',
      (posts) => ({
        findAny: ({ authorIds, ...keys }) => posts.findAny({ ...keys, authorIds, createdAt: [noon, later] }),
      }),
    ],
  ])('fails a store that %s', async (_, promise, change) => {
    expect(await failedCases(postsContract(() => opened(undefined, change)))).toContain(promise);
  });
});
