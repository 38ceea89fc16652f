import type { Audit, Transaction, UnitOfWork } from '@sallyport/core';
import {
  type ArrangeUsers,
  casesOf,
  type ContractCase,
  expectSame,
  firstPage,
  fulfilled,
  newUser,
  noon,
  type Open,
  type PortPromise,
  race,
  rejection,
  transactionPromises,
} from '@sallyport/core/contracts';
import type { Comment } from './comment.ts';
import type { Comments, CommentsTransaction, NewComment } from './comments.ts';

/** An instance of `Comments` for its contract. */
export interface CommentsInstance {
  readonly comments: Comments;
  readonly audit: Audit;
  readonly unitOfWork: UnitOfWork<Pick<Transaction, 'audit'> & CommentsTransaction>;
  readonly arrange: ArrangeUsers;
}

/** What `Comments` and `WritableComments` promise. */
export function commentsContract(open: Open<CommentsInstance>): readonly ContractCase[] {
  return casesOf(open, [...promises, ...inTransactions]);
}

const postId = 7;

function newComment(authorId: number, fields: Partial<NewComment> = {}): NewComment {
  return { postId, postAuthorId: 999_999, authorId, text: 'Well said.', createdAt: noon, ...fields };
}

function add({ unitOfWork }: CommentsInstance, comment: NewComment): Promise<Comment> {
  return unitOfWork.run(({ comments }) => comments.append(comment));
}

const textsOf = async ({ comments }: CommentsInstance) =>
  (await comments.list(postId, firstPage)).map(({ text }) => text);

const inTransactions = transactionPromises<CommentsTransaction, CommentsInstance>('a comment', {
  async prepare({ arrange }) {
    const { id } = await arrange.user(newUser('Ada'));
    return [({ comments }) => comments.append(newComment(id))];
  },
  look: textsOf,
  shown: [newComment(0).text],
  reads: ({ comments }) => [() => comments.list(postId, firstPage)],
});

const promises: readonly PortPromise<CommentsInstance>[] = [
  {
    part: 'faithful',
    name: 'a comment is returned as it was appended, until it is deleted',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const fields = newComment(id, { text: `It's "q" \\ %\n🜁` });
      const comment = await add(store, fields);
      expectSame(comment, { ...fields, id: comment.id }, 'append');
      expectSame(await store.comments.list(postId, firstPage), [comment], 'list');
      await store.unitOfWork.run(async ({ comments }) => {
        expectSame(await comments.lock(comment.id), comment, 'lock');
        expectSame(await comments.delete(comment.id), true, 'delete');
        expectSame(await comments.lock(comment.id), undefined, 'lock, after the deletion');
        expectSame(await comments.delete(comment.id), false, 'delete, once more');
      });
      expectSame(await store.comments.list(postId, firstPage), [], 'list, after the deletion');
    },
  },
  {
    part: 'faithful',
    name: 'the comments on one post are listed oldest first, page by page',
    async holds(store) {
      const { id } = await store.arrange.user(newUser('Ada'));
      const ids: number[] = [];
      for (let n = 0; n < 4; n += 1) ids.push((await add(store, newComment(id))).id);
      await add(store, newComment(id, { postId: postId + 1 }));
      const list = async (skip: number, limit: number, after?: number) =>
        (await store.comments.list(postId, { skip, limit, after })).map((comment) => comment.id);
      expectSame(await list(0, 100), ids, 'all');
      expectSame(await list(1, 2), ids.slice(1, 3), 'skip and limit');
      expectSame(await list(0, 2, ids[1]), ids.slice(2), 'after');
    },
  },
  {
    part: 'faithful',
    name: 'comments by deactivated and deleted authors are not listed',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      await add(store, newComment(ada.id, { text: 'By Ada' }));
      await add(store, newComment(bob.id, { text: 'By Bob' }));
      await store.arrange.updateUser(ada.id, { isActive: false });
      expectSame(await textsOf(store), ['By Bob'], 'list, after a deactivation');
      await store.arrange.deleteUser(bob.id);
      expectSame(await textsOf(store), [], 'list, after a deletion');
    },
  },
  {
    part: 'faithful',
    name: 'the comments by a user and on posts of that user are purged in batches',
    async holds(store) {
      const [ada, bob] = [await store.arrange.user(newUser('Ada')), await store.arrange.user(newUser('Bob'))];
      await add(store, newComment(ada.id, { postAuthorId: ada.id }));
      await add(store, newComment(ada.id, { postAuthorId: bob.id }));
      await add(store, newComment(bob.id, { postAuthorId: ada.id }));
      await add(store, newComment(bob.id, { postAuthorId: bob.id, text: 'Kept' }));
      const purge = () => store.unitOfWork.run(({ comments }) => comments.purgeAllOf(ada.id, 2));
      expectSame([await purge(), await purge(), await purge()], [2, 1, 0], 'purgeAllOf of at most 2, three times');
      expectSame(await textsOf(store), ['Kept'], 'the comments that are left');
    },
  },
  {
    part: 'rolled back',
    name: 'a deletion and the event about it are stored together, or not at all',
    async holds(store) {
      const { id: authorId } = await store.arrange.user(newUser('Ada'));
      const { id } = await add(store, newComment(authorId));
      const reason = new Error('changed my mind');
      const remove = (fails: boolean) =>
        store.unitOfWork.run(async ({ comments, audit }) => {
          await comments.delete(id);
          await audit.append({ type: 'comments.deleted', at: noon, detail: {} });
          if (fails) throw reason;
        });
      const look = async () => [
        (await textsOf(store)).length,
        (await store.audit.list({ type: 'comments.deleted' }, firstPage)).length,
      ];
      expectSame(await rejection(remove(true)), reason, 'run, whose work throws');
      expectSame(await look(), [1, 0], 'comments and events, after a transaction that failed');
      await remove(false);
      expectSame(await look(), [0, 1], 'comments and events, after a transaction that committed');
    },
  },
  {
    part: 'once',
    name: 'a comment is deleted by one of twenty callers',
    async holds(store) {
      const { id: authorId } = await store.arrange.user(newUser('Ada'));
      const { id } = await add(store, newComment(authorId));
      const outcomes = await race(() => store.unitOfWork.run(({ comments }) => comments.delete(id)));
      expectSame(fulfilled(outcomes).filter(Boolean).length, 1, 'winners');
    },
  },
];
