import type { Transaction } from '../index.ts';
import {
  type ContractCase,
  casesOf,
  expectSame,
  expectThat,
  firstPage,
  fulfilled,
  newUser,
  noon,
  type Open,
  type PortPromise,
  race,
  rejection,
  transactionPromises,
} from '../contracts/index.ts';
import type { Post } from './post.ts';
import type { NewPost, PostFilter, PostsTransaction } from './posts.ts';
import type { PostsInstance } from './posts-instance.ts';
import { postsImports } from './posts-imports.ts';
import { newPost } from './sample-post.ts';

export { newPost };

export type { PostsInstance };

/** What `Posts` and `WritablePosts` promise. */
export function postsContract(open: Open<PostsInstance>): readonly ContractCase[] {
  return casesOf(open, [...promises, ...postsImports, ...inTransactions]);
}

function addPost({ unitOfWork }: PostsInstance, post: NewPost): Promise<Post> {
  return unitOfWork.run(({ posts }) => posts.append(post));
}

const inTransactions = transactionPromises<PostsTransaction, PostsInstance>('a post', {
  async prepare({ arrange }) {
    const { id } = await arrange.user(newUser('Ada'));
    return [({ posts }) => posts.append(newPost(id))];
  },
  look: async ({ posts }) => (await posts.list({}, firstPage)).map(({ title }) => title),
  shown: [newPost(0).title],
  reads: ({ posts }) => [() => posts.findWithAuthor(1), () => posts.list({}, firstPage)],
});

const promises: readonly PortPromise<PostsInstance>[] = [
  {
    part: 'faithful',
    name: 'a post is returned as it was appended, with its author as they are now',
    async holds(store) {
      const { id, name, profile, isActive } = await store.arrange.user(newUser('Ada'));
      const fields = newPost(id, { title: `It's "q" \\ %`, content: '🜁\r\n\t'.repeat(12_000), published: true });
      const post = await addPost(store, fields);
      expectSame(post, { ...fields, id: post.id }, 'append returns the post');
      const lock = () => store.unitOfWork.run(({ posts }) => posts.lock(post.id));
      const found = { post, author: { id, name, profile, isActive } };
      expectSame(await store.posts.findWithAuthor(post.id), found, 'findWithAuthor');
      expectSame(await lock(), found, 'lock');
      await store.arrange.updateUser(id, { name: 'Countess', isActive: false, profile: { city: 'Bath' } });
      const author = { id, name: 'Countess', profile: { ...profile, city: 'Bath' }, isActive: false };
      expectSame(
        await store.posts.findWithAuthor(post.id),
        { post, author },
        'findWithAuthor, once the author changed',
      );
      expectSame(await lock(), { post, author }, 'lock, once the author changed');
    },
  },
  {
    part: 'faithful',
    name: 'a post that does not exist is not found, changed or deleted',
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
    name: 'an update of a post changes the fields that it names and no others',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
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
    name: 'posts are listed newest first, page by page',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
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
    name: 'a list of posts contains those that match its filter',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
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
    name: 'a list of posts by active authors leaves out those by deactivated ones',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const titles = ['Ada one', 'Bob one', 'Ada two', 'Bob two'];
      for (const title of titles) {
        const { id } = title.startsWith('Ada') ? ada : bob;
        await addPost(store, newPost(id, { title, published: title.endsWith('two') }));
      }
      await store.arrange.updateUser(ada.id, { isActive: false });
      const list = async (filter: PostFilter, page = firstPage) =>
        (await store.posts.list(filter, page)).map(({ title }) => title);
      expectSame(await list({ byActive: true }), ['Bob two', 'Bob one'], 'by active authors');
      expectSame(await list({ byActive: true }, { skip: 1, limit: 1 }), ['Bob one'], 'a page of those');
      expectSame(await list({ byActive: true, published: true }), ['Bob two'], 'published, by active authors');
      expectSame(await list({ byActive: true, draftsOf: ada.id }), ['Bob two'], 'with the drafts of another');
      expectSame(await list({ byActive: true, draftsOf: bob.id }), ['Bob two', 'Bob one'], 'with drafts of one');
      expectSame(await list({ byActive: true, authorId: ada.id }), [], 'by a deactivated author');
      expectSame(await list({ byActive: false }), titles.toReversed(), 'by any author');
      await store.arrange.updateUser(ada.id, { isActive: true });
      expectSame(await list({ byActive: true }), titles.toReversed(), 'once the author is active again');
    },
  },
  {
    part: 'faithful',
    name: 'a post whose author was deleted is neither found, listed nor locked, but is purged',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      const gone = await addPost(store, newPost(ada.id, { published: true }));
      const kept = await addPost(store, newPost(bob.id, { published: true }));
      await store.arrange.deleteUser(ada.id);
      expectSame(await store.posts.findWithAuthor(gone.id), undefined, 'findWithAuthor');
      expectSame(await store.unitOfWork.run(({ posts }) => posts.lock(gone.id)), undefined, 'lock');
      for (const filter of [{}, { published: true }, { byActive: true }, { draftsOf: ada.id }]) {
        expectSame(await store.posts.list(filter, firstPage), [kept], `list by ${JSON.stringify(filter)}`);
      }
      expectSame(await store.posts.list({ authorId: ada.id }, firstPage), [], 'list by the deleted author');
      expectSame(await store.unitOfWork.run(({ posts }) => posts.purgeAllOf(ada.id, 10)), 1, 'purgeAllOf');
      expectSame(await store.posts.list({}, firstPage), [kept], 'the posts that are left');
    },
  },
  {
    part: 'faithful',
    name: 'all posts of one author are purged in batches, the newest first',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      for (const title of ['Ada one', 'Ada two', 'Ada three']) await addPost(store, newPost(ada.id, { title }));
      await addPost(store, newPost(bob.id, { title: 'Bob one' }));
      const purge = () => store.unitOfWork.run(({ posts }) => posts.purgeAllOf(ada.id, 2));
      const left = async () => (await store.posts.list({}, firstPage)).map(({ title }) => title);
      expectSame([await purge(), await left()], [2, ['Bob one', 'Ada one']], 'purgeAllOf of at most 2');
      expectSame([await purge(), await purge(), await left()], [1, 0, ['Bob one']], 'purgeAllOf, twice more');
    },
  },
  {
    part: 'rolled back',
    name: 'a post and the event about it are stored together, or not at all',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const write = async ({ posts, audit }: Pick<Transaction, 'audit'> & PostsTransaction) => {
        await posts.append(newPost(id));
        await audit.append({ type: 'posts.updated', at: noon, detail: {} });
      };
      const look = async () => [
        (await store.posts.list({}, firstPage)).length,
        (await store.audit.list({ type: 'posts.updated' }, firstPage)).length,
      ];
      const reason = new Error('changed my mind');
      const failing = store.unitOfWork.run(async (transaction) => {
        await write(transaction);
        throw reason;
      });
      expectSame(await rejection(failing), reason, 'run, whose work throws');
      expectSame(await look(), [0, 0], 'posts and events, after a transaction that failed');
      await store.unitOfWork.run(write);
      expectSame(await look(), [1, 1], 'posts and events, after a transaction that committed');
    },
  },
  {
    part: 'unique',
    name: 'the id of a post is never reused, not even after a deletion',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const first = await addPost(store, newPost(id));
      expectSame(await store.unitOfWork.run(({ posts }) => posts.delete(first.id)), true, 'delete');
      const second = await addPost(store, newPost(id));
      expectThat(second.id > first.id, second.id, `more than ${first.id}`, 'the id of a later post');
    },
  },
  {
    part: 'once',
    name: 'a post is deleted by one of twenty callers',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const post = await addPost(store, newPost(id));
      const outcomes = await race(() => store.unitOfWork.run(({ posts }) => posts.delete(post.id)));
      expectSame(fulfilled(outcomes).filter(Boolean).length, 1, 'winners');
    },
  },
];
