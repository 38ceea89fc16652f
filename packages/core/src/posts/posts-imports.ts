import {
  expectSame,
  expectThat,
  firstPage,
  fulfilled,
  later,
  newUser,
  noon,
  type PortPromise,
  race,
  rejection,
} from '../contracts/index.ts';
import type { PostsInstance } from './posts-instance.ts';
import type { ImportedPost, PostKeys } from './posts.ts';
import { newPost } from './sample-post.ts';

function importPosts({ unitOfWork }: PostsInstance, imported: readonly ImportedPost[]) {
  return unitOfWork.run(({ posts }) => posts.import(imported));
}

/** What `WritablePosts` promises about many posts at once. */
export const postsImports: readonly PortPromise<PostsInstance>[] = [
  {
    part: 'faithful',
    name: 'imported posts are stored as they are, under their own ids or the next free ones, in the order of the list',
    async holds(store) {
      const { id: authorId } = await store.arrange.user(newUser('Ada'));
      const before = await store.unitOfWork.run(({ posts }) => posts.append(newPost(authorId)));
      const imported: ImportedPost[] = [
        { ...newPost(authorId, { title: `It's "q" \\ %`, content: '🜁\r\n\t'.repeat(5_000) }), id: before.id + 1_000 },
        newPost(authorId, { published: true, createdAt: later }),
        { ...newPost(authorId), id: before.id + 500 },
      ];
      const ids = await importPosts(store, imported);
      expectSame([ids[0], ids[2]], [before.id + 1_000, before.id + 500], 'the ids of posts that brought one');
      for (const [position, post] of imported.entries()) {
        const id = ids[position] ?? 0;
        expectSame((await store.posts.findWithAuthor(id))?.post, { ...post, id }, `post ${position + 1}`);
      }
      expectSame(await importPosts(store, []), [], 'an import of no post');
    },
  },
  {
    part: 'unique',
    name: 'an imported post whose id another one has is left out, and later ids are greater than imported ones',
    async holds(store) {
      const { id: authorId } = await store.arrange.user(newUser('Ada'));
      const { id } = await store.unitOfWork.run(({ posts }) => posts.append(newPost(authorId)));
      const [taken, first, second, fresh = 0] = await importPosts(store, [
        { ...newPost(authorId, { title: 'The same id' }), id },
        { ...newPost(authorId), id: id + 100 },
        { ...newPost(authorId), id: id + 100 },
        newPost(authorId),
      ]);
      expectSame([taken, first, second], [undefined, id + 100, undefined], 'import');
      expectThat(fresh > id + 100, fresh, `more than ${id + 100}`, 'the id of a post without one in the same list');
      const appended = await store.unitOfWork.run(({ posts }) => posts.append(newPost(authorId)));
      expectThat(appended.id > fresh, appended.id, `more than ${fresh}`, 'the id of a later post');
      const titles = (await store.posts.list({}, firstPage)).map(({ title }) => title);
      expectSame(titles.includes('The same id'), false, 'whether the post with a taken id is listed');
    },
  },
  {
    part: 'unique',
    name: 'no post gets an id that is greater than those that the API accepts',
    async holds(store) {
      const { id: authorId } = await store.arrange.user(newUser('Ada'));
      await importPosts(store, [{ ...newPost(authorId), id: 999_999_999_999_999 }]);
      const appending = await rejection(store.unitOfWork.run(({ posts }) => posts.append(newPost(authorId))));
      expectThat(appending instanceof Error, appending, 'a rejection', 'append');
      const importing = await rejection(importPosts(store, [newPost(authorId)]));
      expectThat(importing instanceof Error, importing, 'a rejection', 'import');
      expectSame((await store.posts.list({}, firstPage)).length, 1, 'posts');
    },
  },
  {
    part: 'faithful',
    name: 'posts are found by any of several ids, or by author and time together, each of them once',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const [one, two, three] = [
        { ...newPost(ada.id) },
        { ...newPost(ada.id, { createdAt: later, published: true }) },
        { ...newPost(bob.id, { createdAt: later }) },
      ];
      const ids = await importPosts(store, [one, two, three]);
      const find = async (keys: Partial<PostKeys>) => {
        const all = { ids: [], authorIds: [], createdAt: [], ...keys };
        const found = await store.unitOfWork.run(({ posts }) => posts.findAny(all));
        return found.map(({ id }) => ids.indexOf(id)).toSorted((a, b) => a - b);
      };
      expectSame(await find({ ids: [ids[0] ?? 0, 999_999_999_999_999] }), [0], 'by id');
      expectSame(await find({ authorIds: [ada.id], createdAt: [later] }), [1], 'by author and time');
      expectSame(await find({ authorIds: [ada.id, bob.id], createdAt: [noon, later] }), [0, 1, 2], 'by several');
      expectSame(await find({ ids: [ids[1] ?? 0], authorIds: [ada.id], createdAt: [later] }), [1], 'by both');
      expectSame(await find({ authorIds: [ada.id] }), [], 'by an author alone');
      const [found] = await store.unitOfWork.run(({ posts }) =>
        posts.findAny({ ids: [ids[1] ?? 0], authorIds: [], createdAt: [] }),
      );
      expectSame(found, { ...two, id: ids[1] ?? 0 }, 'findAny');
    },
  },
  {
    part: 'once',
    name: 'posts that are appended while others are imported under the next ids all get ids of their own',
    async holds(store) {
      const { id: authorId } = await store.arrange.user(newUser('Ada'));
      const { id } = await store.unitOfWork.run(({ posts }) => posts.append(newPost(authorId)));
      const outcomes = await race(async (racer): Promise<number | undefined> => {
        if (racer % 2 === 1) return (await importPosts(store, [{ ...newPost(authorId), id: id + racer }]))[0];
        return (await store.unitOfWork.run(({ posts }) => posts.append(newPost(authorId)))).id;
      });
      expectSame(fulfilled(outcomes).length, 20, 'callers that were not rejected');
      const ids = fulfilled(outcomes).filter((one) => one !== undefined);
      expectSame(new Set(ids).size, ids.length, 'different ids');
      expectSame((await store.posts.list({}, firstPage)).length, ids.length + 1, 'posts');
    },
  },
];
