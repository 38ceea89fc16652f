import { race } from './contract.ts';
import { expectCode, expectRefusal, expectSame, expectThat } from './expect.ts';
import { addPost, addUser, newPost } from './samples.ts';
import { firstPage, type StorePromise } from './store-promise.ts';

/** What the repositories of posts promise. */
export const postsPromises: readonly StorePromise[] = [
  {
    part: 'faithful',
    name: 'returns a post as it was appended, with what all may know of its author',
    async holds(store) {
      const { id, name, city } = await addUser(store, 'Ada');
      const fields = newPost(id, { title: `It's "q" \\ %`, content: '🜁\r\n\t'.repeat(12_000), published: true });
      const post = await addPost(store, fields);
      expectSame(post, { ...fields, id: post.id }, 'append returns the post');
      expectSame(await store.posts.findWithAuthor(post.id), { post, author: { id, name, city } }, 'findWithAuthor');
      expectSame(await store.unitOfWork.run(({ posts }) => posts.lock(post.id)), post, 'lock');
    },
  },
  {
    part: 'faithful',
    name: 'knows nothing of a post that is not there',
    async holds({ posts, unitOfWork }) {
      const none = 999_999_999_999_999;
      expectSame(await posts.findWithAuthor(none), undefined, 'findWithAuthor');
      await unitOfWork.run(async (transaction) => {
        expectSame(await transaction.posts.lock(none), undefined, 'lock');
        expectSame(await transaction.posts.update(none, { published: true }), undefined, 'update');
        expectSame(await transaction.posts.delete(none), false, 'delete');
      });
    },
  },
  {
    part: 'faithful',
    name: 'changes the fields that are named and no other',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const post = await addPost(store, newPost(id));
      const change = (changes: object) => store.unitOfWork.run(({ posts }) => posts.update(post.id, changes));
      expectSame(await change({ published: true, title: undefined }), { ...post, published: true }, 'published');
      const changed = { ...post, title: 'Another title', content: 'Other words than before.' };
      const { title, content } = changed;
      expectSame(await change({ title, content, published: false }), changed, 'title and content');
      expectSame(await change({}), changed, 'without a change');
      expectSame((await store.posts.findWithAuthor(post.id))?.post, changed, 'findWithAuthor');
    },
  },
  {
    part: 'faithful',
    name: 'lists posts newest first, page by page',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const ids: number[] = [];
      for (let n = 0; n < 5; n += 1) ids.unshift((await addPost(store, newPost(id))).id);
      const list = async (skip: number, limit: number, after?: number) =>
        (await store.posts.list({}, { skip, limit, after })).map((post) => post.id);
      expectSame(await list(0, 100), ids, 'all');
      expectSame(await list(1, 2), ids.slice(1, 3), 'skip and limit');
      expectSame(await list(0, 2, ids[1]), ids.slice(2, 4), 'after');
      expectSame(await list(1, 2, ids[1]), ids.slice(3, 5), 'after and skip');
      expectSame(await list(9, 2), [], 'beyond the end');
    },
  },
  {
    part: 'faithful',
    name: 'lists the posts that a filter lets through',
    async holds(store) {
      const [ada, bob] = [await addUser(store, 'Ada'), await addUser(store, 'Bob')];
      for (const [author, title] of [
        [ada, 'Ada one'],
        [bob, 'Bob one'],
        [ada, 'Ada two'],
        [bob, 'Bob two'],
      ] as const) {
        await addPost(store, newPost(author.id, { title, published: title.endsWith('two') }));
      }
      const list = async (filter: object, page = firstPage) =>
        (await store.posts.list(filter, page)).map(({ title }) => title);
      expectSame(await list({ authorId: ada.id }), ['Ada two', 'Ada one'], 'by author');
      expectSame(await list({ published: true }), ['Bob two', 'Ada two'], 'published');
      expectSame(await list({ published: false }), ['Bob one', 'Ada one'], 'drafts');
      expectSame(await list({ draftsOf: bob.id }), ['Bob two', 'Ada two', 'Bob one'], 'published, and drafts of one');
      expectSame(await list({ draftsOf: bob.id }, { skip: 1, limit: 1 }), ['Ada two'], 'a page of those');
      expectSame(await list({ draftsOf: bob.id, published: false }), ['Bob one'], 'drafts of one alone');
      expectSame(await list({ draftsOf: bob.id, published: true }), ['Bob two', 'Ada two'], 'published alone');
      expectSame(await list({ authorId: ada.id, draftsOf: bob.id }), ['Ada two'], 'by one author, without drafts');
    },
  },
  {
    part: 'faithful',
    name: 'takes no post by a user who is gone',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      await store.unitOfWork.run(({ users }) => users.delete(id));
      await expectRefusal(addPost(store, newPost(id)), 'user_no_longer_exists', 'append');
    },
  },
  {
    part: 'unique',
    name: 'never numbers two posts alike, not even after a deletion',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const first = await addPost(store, newPost(id));
      expectSame(await store.unitOfWork.run(({ posts }) => posts.delete(first.id)), true, 'delete');
      expectThat((await addPost(store, newPost(id))).id > first.id, 'A later id is a higher one');
    },
  },
  {
    part: 'once',
    name: 'is deleted by one of twenty who try',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const post = await addPost(store, newPost(id));
      const outcomes = await race(() => store.unitOfWork.run(({ posts }) => posts.delete(post.id)));
      const deleted = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value);
      expectSame(deleted.length, 1, 'winners');
    },
  },
  {
    part: 'once',
    name: 'leaves no orphan when its author is deleted while they post',
    async holds(store) {
      const { id } = await addUser(store, 'Ada');
      const outcomes = await race<unknown>((racer) =>
        racer === 10 ? store.unitOfWork.run(({ users }) => users.delete(id)) : addPost(store, newPost(id)),
      );
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expectCode(outcome.reason, 'user_no_longer_exists', 'append');
      }
      expectSame(await store.posts.list({}, firstPage), [], 'posts');
    },
  },
];
