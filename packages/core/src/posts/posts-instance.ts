import type { ArrangeUsers } from '../contracts/index.ts';
import type { Audit, Transaction, UnitOfWork } from '../index.ts';
import type { Posts, PostsTransaction } from './posts.ts';

/** An instance of `Posts` for its contract. */
export interface PostsInstance {
  readonly posts: Posts;
  readonly audit: Audit;
  readonly unitOfWork: UnitOfWork<Pick<Transaction, 'audit'> & PostsTransaction>;
  readonly arrange: ArrangeUsers;
}
