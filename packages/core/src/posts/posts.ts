import type { Ports, StorePage, Transaction, UnitOfWork, UserId } from '../index.ts';
import type { Post, PostId, PostWithAuthor } from './post.ts';

/** The posts to list; a field that is absent does not restrict the list. */
export interface PostFilter {
  readonly authorId?: UserId | undefined;
  readonly published?: boolean | undefined;
  /** Omits the drafts of other authors. */
  readonly draftsOf?: UserId | undefined;
  /** Only posts by authors who are active. */
  readonly byActive?: boolean | undefined;
}

/** Reads posts, outside any transaction. */
export interface Posts {
  /** The post with this id and its author, if the author's account exists. */
  findWithAuthor(id: PostId): Promise<PostWithAuthor | undefined>;

  /**
   * Posts whose author's account exists, by descending id, newest first. The page starts behind the id `page.after`.
   */
  list(filter: PostFilter, page: StorePage): Promise<readonly Post[]>;
}

/** A post that is not stored yet. */
export type NewPost = Omit<Post, 'id'>;

/** A post that comes from another system, with the id that it had there, if it is to keep one. */
export type ImportedPost = NewPost & { readonly id?: PostId | undefined };

/** The fields of a post that may change. A field that is absent stays. */
export type PostChanges = {
  readonly [Field in 'title' | 'content' | 'published']?: Post[Field] | undefined;
};

/** What posts are found by. */
export interface PostKeys {
  readonly ids: readonly PostId[];
  readonly authorIds: readonly UserId[];
  readonly createdAt: readonly Date[];
}

/** Writes posts, inside a transaction. */
export interface WritablePosts {
  /**
   * Stores a post under the next free id. Ids are never reused, and never greater than the greatest `Id`: it rejects
   * when none is left. The caller has locked the author.
   */
  append(post: NewPost): Promise<Post>;

  /**
   * Stores each post as `append` does, under its own id if it has one. Ids that are given out later are greater than all
   * of them. Returns their ids in the same order, with `undefined` in the place of a post whose id another one has. The
   * caller has locked the authors.
   */
  import(posts: readonly ImportedPost[]): Promise<readonly (PostId | undefined)[]>;

  /** The posts that have one of these ids, or that one of these authors wrote at one of these moments. */
  findAny(keys: PostKeys): Promise<readonly Post[]>;

  /**
   * The post with this id and its author, if the author's account exists. Every other transaction is kept from changing
   * the post until this one ends; the author is not locked.
   */
  lock(id: PostId): Promise<PostWithAuthor | undefined>;

  /** Changes only these fields, in one step, and returns the post in its new state. */
  update(id: PostId, changes: PostChanges): Promise<Post | undefined>;

  /** Removes the post, and returns whether it existed. */
  delete(id: PostId): Promise<boolean>;

  /** Removes at most so many posts of an author, the newest first, and returns how many: 0 only if none is left. */
  purgeAllOf(authorId: UserId, limit: number): Promise<number>;
}

/** What the module needs of a store, outside transactions. */
export interface PostsPorts {
  readonly posts: Posts;
}

/** What the module adds to a transaction. */
export interface PostsTransaction {
  readonly posts: WritablePosts;
}

/** What a use case needs that writes posts. */
export interface WritingPosts extends Pick<Ports, 'clock'> {
  readonly unitOfWork: UnitOfWork<Pick<Transaction, 'audit'> & PostsTransaction>;
}
